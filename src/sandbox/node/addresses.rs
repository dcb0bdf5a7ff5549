//! The addresses of Pods: each has one of 127.64.0.0/11 of its own, so that the same port of two Pods never clashes.
//!
//! A node takes a block of 1024 addresses, chosen by its id, and holds it for as long as it runs by a UDP socket on the
//! block's first address. Another sandbox on this host that would have the same block finds that socket in its way, whoever
//! runs it, and takes the next block. The kernel gives the block back however the node ends.

use std::collections::HashSet;
use std::io;
use std::net::{Ipv4Addr, UdpSocket};

/// The first address of all blocks.
const FIRST: Ipv4Addr = Ipv4Addr::new(127, 64, 0, 0);
/// How many blocks there are.
const BLOCKS: u32 = 2048;
/// Addresses in a block; the first is the claim's, the last stays unused.
const SIZE: u32 = 1024;
/// The port of the claims.
const PORT: u16 = 47_064;

/// A block of addresses that no other node has.
#[derive(Debug)]
pub struct Block {
    first: u32,
    taken: HashSet<Ipv4Addr>,
    _claim: UdpSocket,
}

fn hash(text: &str) -> u32 {
    text.bytes().fold(7, |hash: u32, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte)))
}

impl Block {
    /// Takes a block for the node `id`, the same one as the last time unless another node has it.
    pub fn claim(id: &str) -> io::Result<Self> {
        let start = hash(id) % BLOCKS;
        let mut refusal = None;
        for step in 0..BLOCKS {
            let first = FIRST.to_bits() + (start + step) % BLOCKS * SIZE;
            match UdpSocket::bind((Ipv4Addr::from_bits(first), PORT)) {
                Ok(claim) => return Ok(Self { first, taken: HashSet::new(), _claim: claim }),
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => refusal = Some(error),
                Err(error) => return Err(error),
            }
        }
        Err(refusal.unwrap_or_else(|| io::ErrorKind::AddrInUse.into()))
    }

    /// An address for the Pod `uid`: the one it had `before` if it can have it, else a free one; `None` when all are taken.
    pub fn take(&mut self, uid: &str, before: Option<Ipv4Addr>) -> Option<Ipv4Addr> {
        let usable = SIZE - 2;
        let start = hash(uid) % usable;
        let free = (0..usable).map(|step| Ipv4Addr::from_bits(self.first + 1 + (start + step) % usable));
        let ours = self.first + 1..=self.first + usable;
        let before = before.filter(|before| ours.contains(&before.to_bits()));
        let address = before.into_iter().chain(free).find(|address| !self.taken.contains(address))?;
        self.taken.insert(address);
        Some(address)
    }

    /// Gives an address back.
    pub fn give_back(&mut self, address: Ipv4Addr) {
        self.taken.remove(&address);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_nodes_of_one_id_have_no_address_in_common() {
        let (mut one, mut other) = (Block::claim("same").unwrap(), Block::claim("same").unwrap());
        assert_ne!(one.first, other.first);
        let mut all = HashSet::new();
        for number in 0..SIZE - 2 {
            assert!(all.insert(one.take(&number.to_string(), None).unwrap()));
            assert!(all.insert(other.take(&number.to_string(), None).unwrap()));
        }
        assert_eq!(one.take("more", None), None);
        assert!(all.iter().all(|address| !matches!(address.to_bits() % SIZE, 0 | 1023)));
        let address = one.taken.iter().next().copied().unwrap();
        one.give_back(address);
        assert_eq!(one.take("more", None), Some(address));
    }

    #[test]
    fn a_pod_keeps_its_address_over_a_restart_of_its_node() {
        let mut block = Block::claim("node").unwrap();
        let address = block.take("uid", None).unwrap();
        assert_ne!(block.take("uid", Some(address)), Some(address), "it is taken");
        let first = block.first;
        drop(block);
        let mut block = Block::claim("node").unwrap();
        assert_eq!(block.first, first);
        assert_eq!(block.take("another", Some(address)), Some(address));
        assert_ne!(block.take("stray", Some(Ipv4Addr::LOCALHOST)), Some(Ipv4Addr::LOCALHOST));
    }
}
