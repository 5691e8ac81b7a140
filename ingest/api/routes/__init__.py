"""The routes, one file a subject; each calls a verb or a read and says what came of it."""
