"""Changes of roadmaps: the plan, its way through agreement, versions, execution.

Right of the person is checked by the view (`roadmaps.permissions`), state and content here.
"""
