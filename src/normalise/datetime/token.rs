//! A printed date cut into numbers, words and marks.

/// One piece of a printed date. Blanks only part the pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// Digits as printed.
    Number(&'a str),
    /// Letters, in lower case.
    Word(&'a str),
    /// Anything else that is no blank.
    Mark(char),
}

impl Token<'_> {
    /// The value of a number that is at most `digits` long.
    pub fn short(&self, digits: usize) -> Option<i8> {
        match self {
            Self::Number(number) if number.len() <= digits => number.parse().ok(),
            _ => None,
        }
    }

    /// True for this mark.
    pub fn is(&self, mark: char) -> bool {
        *self == Token::Mark(mark)
    }
}

/// Cuts `text`. A run of 12 or 14 digits is cut into date and time, as if a `T` stood between.
pub fn cut(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::with_capacity(16);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (piece, tail) = rest.split_at(run(rest, first));
        rest = tail;
        if first.is_ascii_digit() {
            number(piece, &mut tokens);
        } else if first.is_alphabetic() {
            tokens.push(Token::Word(piece));
        } else if !first.is_whitespace() && !is_dash(first, rest) {
            tokens.push(Token::Mark(if first == '\u{2212}' { '-' } else { first }));
        }
    }
    tokens
}

/// `April 1, 2024 - 6:01 pm`: a dash with a blank behind it is no sign.
fn is_dash(first: char, rest: &str) -> bool {
    first == '\u{2013}' || (first == '-' && rest.starts_with(char::is_whitespace))
}

fn run(text: &str, first: char) -> usize {
    let same = |c: char| match first {
        d if d.is_ascii_digit() => c.is_ascii_digit(),
        l if l.is_alphabetic() => c.is_alphabetic() || is_sign(c),
        _ => false,
    };
    let end = text.char_indices().skip(1).find(|(_, c)| !same(*c));
    end.map_or(text.len(), |(at, _)| at)
}

/// Accents, and the signs of scripts that are written above and below their letters, belong to their word.
fn is_sign(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{93c}' | '\u{94d}' | '\u{9bc}' | '\u{9cd}' | '\u{e47}'..='\u{e4e}')
}

fn number<'a>(digits: &'a str, tokens: &mut Vec<Token<'a>>) {
    match digits.split_at_checked(8) {
        Some((date, time)) if matches!(time.len(), 4 | 6) => {
            tokens.extend([Token::Number(date), Token::Word("t"), Token::Number(time)]);
        }
        _ => tokens.push(Token::Number(digits)),
    }
}
