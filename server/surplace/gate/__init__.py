"""What stands between the network and the routes: connections, admission, the log, figures."""
