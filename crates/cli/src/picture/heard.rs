//! Reading and writing that end when the user asks for it.

use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};

use crate::interrupt;

/// What is handed out at a time: a decoder that works on it comes back soon.
const BLOCK: usize = 1 << 16;

/// What reads or writes through this fails as soon as the user wants to stop.
#[derive(Debug)]
pub(super) struct Heard<T>(pub(super) T);

/// Not `ErrorKind::Interrupted`, which the standard library answers by trying again.
fn go_on() -> io::Result<()> {
    if interrupt::asked() {
        Err(io::Error::other("interrupted"))
    } else {
        Ok(())
    }
}

impl<R: Read> Read for Heard<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        go_on()?;
        self.0.read(bytes)
    }
}

impl<R: BufRead> BufRead for Heard<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        go_on()?;
        let bytes = self.0.fill_buf()?;
        Ok(&bytes[..bytes.len().min(BLOCK)])
    }

    fn consume(&mut self, count: usize) {
        self.0.consume(count);
    }
}

impl<S: Seek> Seek for Heard<S> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

impl<W: Write> Write for Heard<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        go_on()?;
        self.0.write(&bytes[..bytes.len().min(BLOCK)])
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
