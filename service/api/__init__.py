"""The gRPC surface: servicers that convert, call and convert, and everything that speaks gRPC.

Always true: nothing that a caller sends stops the server or another caller; every failure leaves as the status and the
machine reason that `status` has for it; nothing here logs a value.
"""
