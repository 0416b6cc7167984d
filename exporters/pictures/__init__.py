"""Pictures of a design: views select from its topology, layout places them, formats write them."""
