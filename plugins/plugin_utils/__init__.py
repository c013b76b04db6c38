"""What action plugins and filters share. It runs on the controller."""
