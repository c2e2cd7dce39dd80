"""From other people's files to films."""
