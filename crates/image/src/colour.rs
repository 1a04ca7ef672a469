//! The one place where a picture's own colours become the network's (straight, sRGB-encoded RGB) and back.
