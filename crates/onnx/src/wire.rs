//! Protobuf's wire format, read strictly and without copying.
//!
//! A library would skip what it does not know and merge what it sees twice. The gate must see both, so this reader
//! hands out every field, once, in the file's order, with the place where it stands.

use crate::refusal::{Lie, Refusal};

/// Nesting of messages that is followed; what we accept needs 6.
const DEEPEST: u8 = 16;

/// A message, or a piece of one: its bytes, where they start in the file, and how deep they lie.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Message<'a> {
    /// The message's name in onnx.proto, for error texts.
    pub(crate) kind: &'static str,
    bytes: &'a [u8],
    start: usize,
    depth: u8,
}

/// One field as it stands on the wire.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field<'a> {
    pub(crate) number: u32,
    value: Value<'a>,
    owner: Message<'a>,
    /// Where the field's key starts in the file.
    offset: usize,
}

#[derive(Debug, Clone, Copy)]
enum Value<'a> {
    Varint(u64),
    Fixed32([u8; 4]),
    Fixed64,
    /// The bytes and where they start in the file.
    Bytes(&'a [u8], usize),
}

impl<'a> Message<'a> {
    pub(crate) fn new(kind: &'static str, bytes: &'a [u8]) -> Self {
        Self {
            kind,
            bytes,
            start: 0,
            depth: 0,
        }
    }

    /// The fields in the file's order; after an error there are no more.
    pub(crate) fn fields(self) -> Fields<'a> {
        Fields {
            owner: self,
            rest: Rest {
                bytes: self.bytes,
                offset: self.start,
            },
        }
    }
}

impl<'a> Field<'a> {
    pub(crate) fn message(&self, kind: &'static str) -> Result<Message<'a>, Refusal> {
        let depth = self.owner.depth + 1;
        if depth > DEEPEST {
            return Err(self.refuse(Lie::TooDeep { allowed: DEEPEST }));
        }
        match self.value {
            Value::Bytes(bytes, start) => Ok(Message {
                kind,
                bytes,
                start,
                depth,
            }),
            _ => Err(self.wrong_type()),
        }
    }

    pub(crate) fn bytes(&self) -> Result<&'a [u8], Refusal> {
        match self.value {
            Value::Bytes(bytes, _) => Ok(bytes),
            _ => Err(self.wrong_type()),
        }
    }

    pub(crate) fn text(&self) -> Result<&'a str, Refusal> {
        let text = std::str::from_utf8(self.bytes()?).map_err(|_| self.refuse(Lie::NotText))?;
        if text.chars().any(char::is_control) {
            return Err(self.refuse(Lie::NotText));
        }
        Ok(text)
    }

    /// An integer of any declared width; a negative one stands as its 64-bit complement.
    pub(crate) fn integer(&self) -> Result<i64, Refusal> {
        match self.value {
            Value::Varint(value) => Ok(value.cast_signed()),
            _ => Err(self.wrong_type()),
        }
    }

    pub(crate) fn float(&self) -> Result<f32, Refusal> {
        match self.value {
            Value::Fixed32(bytes) => Ok(f32::from_le_bytes(bytes)),
            _ => Err(self.wrong_type()),
        }
    }

    /// Appends the integers of a repeated field, which writers may pack or not. A byte of the file can become eight in
    /// memory here, so that their number is bounded.
    pub(crate) fn integers(&self, into: &mut Vec<i64>, most: usize) -> Result<(), Refusal> {
        match self.value {
            Value::Varint(value) => self.push(into, value.cast_signed(), most)?,
            Value::Bytes(bytes, offset) => {
                let mut rest = Rest { bytes, offset };
                while !rest.bytes.is_empty() {
                    let value = rest.varint().map_err(|lie| self.refuse(lie))?;
                    self.push(into, value.cast_signed(), most)?;
                }
            }
            _ => return Err(self.wrong_type()),
        }
        Ok(())
    }

    /// Appends the elements of a repeated float field, which writers may pack or not.
    pub(crate) fn floats(&self, into: &mut Vec<f32>) -> Result<(), Refusal> {
        match self.value {
            Value::Fixed32(bytes) => into.push(f32::from_le_bytes(bytes)),
            Value::Bytes(bytes, _) => {
                let (elements, rest) = bytes.as_chunks::<4>();
                if !rest.is_empty() {
                    return Err(self.refuse(Lie::Truncated));
                }
                into.extend(elements.iter().map(|element| f32::from_le_bytes(*element)));
            }
            _ => return Err(self.wrong_type()),
        }
        Ok(())
    }

    /// Stores a field that may stand once: protobuf would let a second one win, or merge the two.
    pub(crate) fn once<T>(&self, slot: &mut Option<T>, value: T) -> Result<(), Refusal> {
        if slot.is_some() {
            return Err(self.refuse(Lie::RepeatedField { field: self.number }));
        }
        *slot = Some(value);
        Ok(())
    }

    /// Appends to a repeated field that may stand only so often.
    pub(crate) fn push<T>(&self, into: &mut Vec<T>, value: T, most: usize) -> Result<(), Refusal> {
        if into.len() >= most {
            let kind = self.owner.kind;
            return Err(self.refuse(Lie::TooMany {
                kind,
                field: self.number,
                allowed: most,
            }));
        }
        into.push(value);
        Ok(())
    }

    /// The answer to a field that onnx.proto, as far as this crate knows it, does not have.
    pub(crate) fn unknown<T>(&self) -> Result<T, Refusal> {
        Err(self.refuse(Lie::UnknownField { field: self.number }))
    }

    fn wrong_type(&self) -> Refusal {
        self.refuse(Lie::WireType { field: self.number })
    }

    pub(crate) fn refuse(&self, lie: Lie) -> Refusal {
        Refusal {
            place: format!("{} at byte {}", self.owner.kind, self.offset),
            lie,
        }
    }
}

/// Iterator over a message's fields.
pub(crate) struct Fields<'a> {
    owner: Message<'a>,
    rest: Rest<'a>,
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Field<'a>, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.bytes.is_empty() {
            return None;
        }
        let offset = self.rest.offset;
        Some(match self.rest.field() {
            Ok((number, value)) => Ok(Field {
                number,
                value,
                owner: self.owner,
                offset,
            }),
            Err(lie) => {
                self.rest.bytes = &[];
                Err(Refusal {
                    place: format!("{} at byte {offset}", self.owner.kind),
                    lie,
                })
            }
        })
    }
}

/// Bytes not yet read and where they start in the file.
struct Rest<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Rest<'a> {
    fn field(&mut self) -> Result<(u32, Value<'a>), Lie> {
        let key = self.varint()?;
        let number = u32::try_from(key >> 3).map_err(|_| Lie::FieldNumber)?;
        if number == 0 || number >= 1 << 29 {
            return Err(Lie::FieldNumber);
        }
        let value = match key & 7 {
            0 => Value::Varint(self.varint()?),
            1 => self.array::<8>().map(|_| Value::Fixed64)?,
            2 => {
                let length = usize::try_from(self.varint()?).map_err(|_| Lie::Truncated)?;
                let offset = self.offset;
                Value::Bytes(self.take(length)?, offset)
            }
            5 => Value::Fixed32(self.array()?),
            _ => return Err(Lie::WireType { field: number }),
        };
        Ok((number, value))
    }

    /// At most ten bytes, and none too many: one number has one spelling.
    fn varint(&mut self) -> Result<u64, Lie> {
        let mut value = 0_u64;
        for place in 0..10_u32 {
            let [byte] = self.array()?;
            let bits = u64::from(byte & 0x7f);
            if place == 9 && bits > 1 {
                return Err(Lie::Varint);
            }
            value |= bits << (7 * place);
            if byte & 0x80 == 0 {
                return if byte == 0 && place > 0 {
                    Err(Lie::Varint)
                } else {
                    Ok(value)
                };
            }
        }
        Err(Lie::Varint)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Lie> {
        let (head, tail) = self.bytes.split_first_chunk::<N>().ok_or(Lie::Truncated)?;
        self.bytes = tail;
        self.offset += N;
        Ok(*head)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Lie> {
        let (head, tail) = self.bytes.split_at_checked(length).ok_or(Lie::Truncated)?;
        self.bytes = tail;
        self.offset += length;
        Ok(head)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lie(bytes: &[u8]) -> Lie {
        Message::new("Test", bytes)
            .fields()
            .find_map(Result::err)
            .map_or_else(|| panic!("accepted {bytes:?}"), |refusal| refusal.lie)
    }

    #[test]
    fn reads_every_wire_type_that_onnx_uses() {
        let bytes = [8, 0x96, 1, 0x12, 2, b'a', b'b', 0x1d, 0, 0, 0x80, 0x3f];
        let fields: Vec<_> = Message::new("Test", &bytes)
            .fields()
            .map(Result::unwrap)
            .collect();
        assert_eq!(fields[0].integer(), Ok(150));
        assert_eq!(fields[1].text(), Ok("ab"));
        assert_eq!(fields[2].float(), Ok(1.0));
        assert_eq!(
            fields.iter().map(|field| field.number).collect::<Vec<_>>(),
            [1, 2, 3]
        );
    }

    #[test]
    fn refuses_what_is_cut_off_overlong_or_not_a_field() {
        assert_eq!(lie(&[8]), Lie::Truncated);
        assert_eq!(lie(&[8, 0x80]), Lie::Truncated);
        assert_eq!(lie(&[0x12, 5, 1]), Lie::Truncated);
        assert_eq!(lie(&[8, 0x80, 0]), Lie::Varint);
        assert_eq!(
            lie(&[8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2]),
            Lie::Varint
        );
        assert_eq!(lie(&[0, 1]), Lie::FieldNumber);
        assert_eq!(lie(&[0x0b]), Lie::WireType { field: 1 });
    }

    #[test]
    fn a_negative_integer_is_its_complement() {
        let bytes = [8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1];
        let field = Message::new("Test", &bytes)
            .fields()
            .next()
            .unwrap()
            .unwrap();
        assert_eq!(field.integer(), Ok(-1));
    }

    #[test]
    fn nesting_ends_at_the_limit() {
        let bytes = [0x0a, 0];
        let mut message = Message {
            depth: DEEPEST - 1,
            ..Message::new("Test", &bytes)
        };
        message = message
            .fields()
            .next()
            .unwrap()
            .unwrap()
            .message("Inner")
            .unwrap();
        let deeper = Message {
            bytes: &bytes,
            ..message
        };
        let refused = deeper
            .fields()
            .next()
            .unwrap()
            .unwrap()
            .message("Inner")
            .unwrap_err();
        assert_eq!(refused.lie, Lie::TooDeep { allowed: DEEPEST });
    }
}
