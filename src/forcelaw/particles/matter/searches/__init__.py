"""What is looked for beside forces of pairs: fields in time, walls, triples, ranges, updates."""
