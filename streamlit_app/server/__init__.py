"""What is served beside the pages: sign-in, films, downloads, health."""
