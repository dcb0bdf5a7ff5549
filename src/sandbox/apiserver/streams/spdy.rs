//! SPDY/3.1 frames, as far as Kubernetes uses them (draft-mbelshe-httpbis-spdy-00 with the /3.1 framing).
//!
//! ```text
//! data     0 | stream id: 31 | flags: 8 | length: 24 | bytes
//! control  1 | version: 15 = 3 | type: 16 | flags: 8 | length: 24 | body
//! ```
//!
//! Header blocks of both directions are one zlib stream each for the whole connection, primed with a dictionary that the
//! draft lists; so a block is decompressed even when nobody wants it. Nobody in Kubernetes keeps flow-control windows.

use std::collections::BTreeMap;
use std::io;

use bytes::{Buf, BufMut, Bytes, BytesMut};
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

/// Header names (lower case) and values of a stream.
pub(super) type Headers = BTreeMap<String, String>;

/// One frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// The client opens a stream.
    SynStream { stream: u32, fin: bool, headers: Headers },
    /// The server accepts it.
    SynReply { stream: u32, headers: Headers },
    /// The stream is dead in both directions.
    Reset { stream: u32, status: u32 },
    /// Whoever gets one sends it back.
    Ping(u32),
    /// No stream above this one will be served.
    GoAway { last: u32 },
    /// Bytes of a stream; `fin` closes the sender's direction.
    Data { stream: u32, fin: bool, bytes: Bytes },
    /// A frame that means nothing to Kubernetes: settings, windows, late headers.
    Other,
}

const VERSION: u16 = 3;
const SYN_STREAM: u16 = 1;
const SYN_REPLY: u16 = 2;
const RST_STREAM: u16 = 3;
const PING: u16 = 6;
const GOAWAY: u16 = 7;
const HEADERS: u16 = 8;
const FIN: u8 = 1;

/// Frames start with this many bytes.
const HEAD: usize = 8;
/// Most bytes of a control frame, and of a header block once decompressed: kubectl's are under 200.
const LIMIT: usize = 64 << 10;

/// `RST_STREAM` status for a stream that the server does not want.
pub(super) const REFUSED_STREAM: u32 = 3;

/// Words of the draft's dictionary that stand behind their length.
const WORDS: &str = "options head post put delete trace accept accept-charset accept-encoding accept-language \
    accept-ranges age allow authorization cache-control connection content-base content-encoding content-language \
    content-length content-location content-md5 content-range content-type date etag expect expires from host if-match \
    if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma \
    proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade \
    user-agent vary via warning www-authenticate method get status 200_OK version HTTP/1.1 url public set-cookie \
    keep-alive origin";

/// The rest of the dictionary, without lengths.
const TAIL: &str = "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505\
    203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden\
    404 Not Found500 Internal Server Error501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug \
    Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,\
    application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdch\
    charset=utf-8charset=iso-8859-1,utf-,*,enq=0.";

fn dictionary() -> Vec<u8> {
    let mut dictionary = Vec::with_capacity(1423);
    for word in WORDS.split_whitespace() {
        put_text(&mut dictionary, &word.replace('_', " "));
    }
    dictionary.extend_from_slice(TAIL.as_bytes());
    dictionary
}

#[expect(clippy::cast_possible_truncation, reason = "names, values and counts of our own are short")]
fn put_text(out: &mut Vec<u8>, text: &str) {
    out.put_u32(text.len() as u32);
    out.put_slice(text.as_bytes());
}

fn malformed(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("malformed SPDY: {what}"))
}

/// Turns bytes into frames.
pub(super) struct Decoder {
    zlib: Decompress,
    dictionary: Vec<u8>,
}

impl Decoder {
    pub(super) fn new() -> Self {
        Self { zlib: Decompress::new(true), dictionary: dictionary() }
    }

    /// Takes the next whole frame out of the buffer; `None` when there is none yet.
    ///
    /// Errors: `InvalidData`; the connection cannot go on then, its compression state is lost.
    pub(super) fn decode(&mut self, buffer: &mut BytesMut) -> io::Result<Option<Frame>> {
        let Some(head) = buffer.first_chunk::<HEAD>() else {
            return Ok(None);
        };
        let word = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
        let flags = head[4];
        let length = usize::from(head[5]) << 16 | usize::from(head[6]) << 8 | usize::from(head[7]);
        let control = word >> 31 == 1;
        if control && length > LIMIT {
            return Err(malformed("control frame is too long"));
        }
        if buffer.len() < HEAD + length {
            buffer.reserve(HEAD + length - buffer.len());
            return Ok(None);
        }
        buffer.advance(HEAD);
        let body = buffer.split_to(length).freeze();
        if !control {
            return Ok(Some(Frame::Data { stream: word, fin: flags & FIN != 0, bytes: body }));
        }
        let [version, kind] = [word >> 16 & 0x7fff, word & 0xffff];
        if version != u32::from(VERSION) {
            return Err(malformed("version is not 3"));
        }
        self.control(kind, flags, body).map(Some)
    }

    fn control(&mut self, kind: u32, flags: u8, mut body: Bytes) -> io::Result<Frame> {
        let number = |body: &mut Bytes| body.try_get_u32().map_err(|_| malformed("control frame is too short"));
        Ok(match u16::try_from(kind) {
            Ok(SYN_STREAM) => {
                let stream = number(&mut body)? & 0x7fff_ffff;
                number(&mut body)?;
                body.try_get_u16().map_err(|_| malformed("control frame is too short"))?;
                Frame::SynStream { stream, fin: flags & FIN != 0, headers: self.headers(&body)? }
            }
            Ok(SYN_REPLY) => {
                let stream = number(&mut body)? & 0x7fff_ffff;
                Frame::SynReply { stream, headers: self.headers(&body)? }
            }
            Ok(RST_STREAM) => Frame::Reset { stream: number(&mut body)? & 0x7fff_ffff, status: number(&mut body)? },
            Ok(PING) => Frame::Ping(number(&mut body)?),
            Ok(GOAWAY) => Frame::GoAway { last: number(&mut body)? & 0x7fff_ffff },
            Ok(HEADERS) => {
                number(&mut body)?;
                self.headers(&body)?;
                Frame::Other
            }
            _ => Frame::Other,
        })
    }

    fn headers(&mut self, block: &[u8]) -> io::Result<Headers> {
        let plain = self.inflate(block)?;
        let mut rest = plain.as_slice();
        let mut headers = Headers::new();
        let count = rest.try_get_u32().map_err(|_| malformed("header block is too short"))?;
        for _ in 0..count {
            let mut text = || {
                let length = rest.try_get_u32().map_err(|_| malformed("header block is too short"))? as usize;
                let bytes = rest.get(..length).ok_or_else(|| malformed("header block is too short"))?;
                rest = &rest[length..];
                String::from_utf8(bytes.to_vec()).map_err(|_| malformed("header is not UTF-8"))
            };
            let (name, value) = (text()?, text()?);
            headers.insert(name.to_ascii_lowercase(), value);
        }
        Ok(headers)
    }

    fn inflate(&mut self, mut block: &[u8]) -> io::Result<Vec<u8>> {
        let mut plain = Vec::with_capacity(1 << 10);
        loop {
            let before = (self.zlib.total_in(), plain.len());
            let step = self.zlib.decompress_vec(block, &mut plain, FlushDecompress::Sync);
            let taken = usize::try_from(self.zlib.total_in() - before.0).unwrap_or(block.len());
            block = block.get(taken..).unwrap_or_default();
            match step {
                Err(error) if error.needs_dictionary().is_some() => {
                    self.zlib.set_dictionary(&self.dictionary).map_err(|_| malformed("unknown dictionary"))?;
                }
                Err(_) => return Err(malformed("header block is not zlib")),
                Ok(Status::StreamEnd) => return Err(malformed("header compression ended")),
                Ok(Status::Ok | Status::BufError) => {
                    if plain.len() > LIMIT {
                        return Err(malformed("header block is too long"));
                    }
                    if plain.len() == plain.capacity() {
                        plain.reserve(plain.len());
                    } else if block.is_empty() {
                        return Ok(plain);
                    } else if (taken, plain.len()) == (0, before.1) {
                        return Err(malformed("header block does not end"));
                    }
                }
            }
        }
    }
}

/// Turns frames into bytes.
pub(super) struct Encoder {
    zlib: Compress,
}

impl Encoder {
    pub(super) fn new() -> io::Result<Self> {
        let mut zlib = Compress::new(Compression::default(), true);
        zlib.set_dictionary(&dictionary()).map_err(io::Error::other)?;
        Ok(Self { zlib })
    }

    /// Appends one frame. A frame must be sent if it was encoded: the compression of later ones builds on it.
    pub(super) fn encode(&mut self, frame: Frame, out: &mut BytesMut) -> io::Result<()> {
        match frame {
            Frame::Data { stream, fin, bytes } => {
                out.put_u32(stream & 0x7fff_ffff);
                put_flags_and_length(out, fin, bytes.len())?;
                out.put(bytes);
            }
            Frame::SynStream { stream, fin, headers } => {
                let block = self.headers(&headers)?;
                control(out, SYN_STREAM, fin, 10 + block.len())?;
                out.put_u32(stream);
                out.put_u32(0);
                out.put_u16(0);
                out.put_slice(&block);
            }
            Frame::SynReply { stream, headers } => {
                let block = self.headers(&headers)?;
                control(out, SYN_REPLY, false, 4 + block.len())?;
                out.put_u32(stream);
                out.put_slice(&block);
            }
            Frame::Reset { stream, status } => {
                control(out, RST_STREAM, false, 8)?;
                out.put_u32(stream);
                out.put_u32(status);
            }
            Frame::Ping(id) => {
                control(out, PING, false, 4)?;
                out.put_u32(id);
            }
            Frame::GoAway { last } => {
                control(out, GOAWAY, false, 8)?;
                out.put_u32(last);
                out.put_u32(0);
            }
            Frame::Other => {}
        }
        Ok(())
    }

    fn headers(&mut self, headers: &Headers) -> io::Result<Vec<u8>> {
        let mut plain = Vec::new();
        plain.put_u32(u32::try_from(headers.len()).map_err(io::Error::other)?);
        for (name, value) in headers {
            put_text(&mut plain, name);
            put_text(&mut plain, value);
        }
        let mut block = Vec::with_capacity(plain.len() + 64);
        let mut rest = plain.as_slice();
        loop {
            let before = self.zlib.total_in();
            self.zlib.compress_vec(rest, &mut block, FlushCompress::Sync).map_err(io::Error::other)?;
            let taken = usize::try_from(self.zlib.total_in() - before).map_err(io::Error::other)?;
            rest = &rest[taken..];
            if rest.is_empty() && block.len() < block.capacity() {
                return Ok(block);
            }
            block.reserve(64);
        }
    }
}

fn control(out: &mut BytesMut, kind: u16, fin: bool, length: usize) -> io::Result<()> {
    out.put_u16(0x8000 | VERSION);
    out.put_u16(kind);
    put_flags_and_length(out, fin, length)
}

fn put_flags_and_length(out: &mut BytesMut, fin: bool, length: usize) -> io::Result<()> {
    let length = u32::try_from(length).ok().filter(|length| length >> 24 == 0);
    let length = length.ok_or_else(|| malformed("frame is too long"))?;
    out.put_u32(u32::from(fin) << 24 | length);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frames() -> impl Strategy<Value = Vec<Frame>> {
        let stream = 1u32..0x7fff_ffff;
        let headers = proptest::collection::btree_map("[a-z-]{1,12}", "\\PC{0,40}", 0..6);
        let bytes = proptest::collection::vec(any::<u8>(), 0..2000).prop_map(Bytes::from);
        let frame = prop_oneof![
            (stream.clone(), any::<bool>(), headers.clone()).prop_map(|(stream, fin, headers)| Frame::SynStream {
                stream,
                fin,
                headers
            }),
            (stream.clone(), headers).prop_map(|(stream, headers)| Frame::SynReply { stream, headers }),
            (stream.clone(), any::<u32>()).prop_map(|(stream, status)| Frame::Reset { stream, status }),
            any::<u32>().prop_map(Frame::Ping),
            stream.clone().prop_map(|last| Frame::GoAway { last }),
            (stream, any::<bool>(), bytes).prop_map(|(stream, fin, bytes)| Frame::Data { stream, fin, bytes }),
        ];
        proptest::collection::vec(frame, 0..20)
    }

    fn decode_all(pieces: &[&[u8]]) -> io::Result<Vec<Frame>> {
        let (mut decoder, mut buffer, mut seen) = (Decoder::new(), BytesMut::new(), vec![]);
        for piece in pieces {
            buffer.extend_from_slice(piece);
            while let Some(frame) = decoder.decode(&mut buffer)? {
                seen.push(frame);
            }
        }
        Ok(seen)
    }

    #[test]
    fn the_dictionary_is_the_one_of_the_draft() {
        let dictionary = dictionary();
        let (mut low, mut high) = (1u32, 0u32);
        for byte in &dictionary {
            low = (low + u32::from(*byte)) % 65521;
            high = (high + low) % 65521;
        }
        assert_eq!((dictionary.len(), high << 16 | low), (1423, 0xe3c6_a7c2));
    }

    #[test]
    fn a_header_block_that_inflates_without_end_is_refused() {
        let headers = Headers::from([("a".to_owned(), "x".repeat(LIMIT))]);
        let mut bytes = BytesMut::new();
        Encoder::new().unwrap().encode(Frame::SynStream { stream: 1, fin: false, headers }, &mut bytes).unwrap();
        assert!(bytes.len() < 1000);
        assert_eq!(decode_all(&[&bytes]).unwrap_err().to_string(), "malformed SPDY: header block is too long");
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded_however_it_is_cut(frames in frames(), cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..8)) {
            let (mut encoder, mut bytes) = (Encoder::new().unwrap(), BytesMut::new());
            for frame in &frames {
                encoder.encode(frame.clone(), &mut bytes).unwrap();
            }
            let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|cut| &bytes[cut[0]..cut[1]]).collect();
            prop_assert_eq!(decode_all(&pieces).unwrap(), frames);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), kind in 0u8..10) {
            drop(decode_all(&[&bytes]));
            let mut head = vec![0x80, 3, 0, kind, 0, 0, 0, u8::try_from(bytes.len().min(255)).unwrap()];
            head.extend_from_slice(&bytes);
            drop(decode_all(&[&head]));
        }
    }
}
