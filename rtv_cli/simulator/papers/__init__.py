"""What each party writes about a world: a paper is rows under a contract's columns."""
