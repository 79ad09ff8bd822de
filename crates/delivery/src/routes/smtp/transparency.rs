//! A message as it goes over the line, where a dot alone would end it.

/// The message as it goes over the line: lines that begin with a dot have another one in front, and the last line ends.
pub(super) fn transparent(message: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(message.len() + 64);
    let mut is_line_start = true;
    for &byte in message {
        if is_line_start && byte == b'.' {
            bytes.push(b'.');
        }
        bytes.push(byte);
        is_line_start = byte == b'\n';
    }
    if !bytes.ends_with(b"\r\n") {
        bytes.extend_from_slice(b"\r\n");
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_a_message_is_its_end() {
        assert_eq!(transparent(b".\r\n..\r\na.\r\n"), b"..\r\n...\r\na.\r\n");
        assert_eq!(transparent(b"a"), b"a\r\n", "the end stands on a line of its own");
        assert_eq!(transparent(b"a\n.b\r\n"), b"a\n..b\r\n", "a server may take LF for a line end");
    }
}
