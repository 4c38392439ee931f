//! The matrix that proves the standard on the sandbox.
