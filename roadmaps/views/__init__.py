"""Pages of roadmaps: the list, the table, its cells, the way of a version, execution."""
