"""The SQL of what is read by selection: exactly the columns that were asked for, level by level."""
