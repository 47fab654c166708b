"""Writers: one document in, one medium out. They know no schools, roadmaps or indicators."""
