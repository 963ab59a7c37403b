use std::collections::{hash_map::Entry, HashMap as Map};
use std::fmt::{self, Display};
use crate::prices::*;
use super::taxes;
extern crate serde;
pub mod drivers;

pub const VAT_RATE: f64 = 0.2;
static mut COUNTER: usize = 0;

macro_rules! basket {
    ($($name:expr),*) => {
        Basket::new(vec![$($name),*])
    };
}

#[derive(Debug, Clone)]
pub struct Basket<'a, T: Stored> {
    names: Vec<&'a str>,
    pub store: T,
}

pub struct Price(f64);

pub enum Kind {
    Food,
    Tools { weight: u32 },
}

pub trait Stored {
    type Error;
    const LIMIT: usize = 20;
    fn save(&self, path: &str) -> Result<(), Self::Error>;
    fn load(&self) -> Option<String> {
        None
    }
}

impl<'a, T: Stored> Basket<'a, T> {
    pub fn new(names: Vec<&'a str>, store: T) -> Self {
        Self { names, store }
    }

    pub fn total(&self) -> f64 {
        self.names.iter().map(|name| price_of(name)).sum::<f64>() * (1.0 + VAT_RATE)
    }
}

impl Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

type Names = Map<String, Entry<String, u32>>;

mod tests {
    use super::*;

    #[test]
    fn it_adds() {
        assert_eq!(basket!["a"].total(), 0.0);
    }
}

union Bits {
    whole: u64,
}
