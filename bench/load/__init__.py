"""A load of HTTP requests at a given rate that counts, request by request, what became of them."""
