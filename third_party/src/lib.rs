//! Empty: cargo wants a target, we want only the C sources of the dependencies.
