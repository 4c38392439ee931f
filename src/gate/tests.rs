//! Each reason of the gate has one question that brings it out.
