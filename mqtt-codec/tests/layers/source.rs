//! Reads as much of Rust's grammar as imports need: tokens, modules, `use` declarations and paths.

/// A word, `::`, a string literal with its quotes, or one other character.
#[derive(Clone, Debug)]
struct Token {
    text: String,
    line: usize,
}

/// The declaration of a module in a separate file.
#[derive(Debug)]
pub(crate) struct ModuleFile {
    pub(crate) name: String,
    /// The value of the attribute `path`.
    pub(crate) path: Option<String>,
}

/// A path, as it stands in the source, and its line.
#[derive(Clone, Debug)]
pub(crate) struct PathUse {
    pub(crate) segments: Vec<String>,
    pub(crate) line: usize,
}

/// The content of a file or of a module in braces.
#[derive(Debug, Default)]
pub(crate) struct Module {
    pub(crate) files: Vec<ModuleFile>,
    pub(crate) inline: Vec<(String, Self)>,
    /// The names that `use` declarations bring in, and what they stand for.
    pub(crate) imports: Vec<(String, PathUse)>,
    /// The paths of two and more segments elsewhere.
    pub(crate) paths: Vec<PathUse>,
}

impl Module {
    /// Reads the text of a file. Items under `#[cfg(test)]` are left out.
    pub(crate) fn read(text: &str) -> Self {
        let mut reader = Reader { tokens: tokens(text), at: 0 };
        let module = reader.module();
        assert_eq!(reader.at, reader.tokens.len(), "braces are not balanced");
        module
    }
}

/// Splits the text into tokens. Comments are dropped.
fn tokens(text: &str) -> Vec<Token> {
    let characters: Vec<char> = text.chars().collect();
    let at = |index: usize| characters.get(index).copied().unwrap_or('\0');
    let mut tokens = Vec::new();
    let (mut index, mut line) = (0, 1);
    while index < characters.len() {
        let start = index;
        match (at(index), at(index + 1)) {
            ('/', '/') => {
                while index < characters.len() && at(index) != '\n' {
                    index += 1;
                }
            }
            ('/', '*') => {
                let mut depth = 0;
                while index < characters.len() {
                    match (at(index), at(index + 1)) {
                        ('/', '*') => (depth, index) = (depth + 1, index + 2),
                        ('*', '/') => (depth, index) = (depth - 1, index + 2),
                        _ => index += 1,
                    }
                    if depth == 0 {
                        break;
                    }
                }
            }
            ('r', '"' | '#') if raw_string_end(&characters, index + 1).is_some() => {
                index = raw_string_end(&characters, index + 1).unwrap();
            }
            ('b', 'r') if raw_string_end(&characters, index + 2).is_some() => {
                index = raw_string_end(&characters, index + 2).unwrap();
            }
            ('"', _) => index = literal_end(&characters, index),
            ('b' | 'c', '"') | ('b', '\'') => index = literal_end(&characters, index + 1),
            // A character, not a lifetime: it is escaped, or closed at once.
            ('\'', next) if next == '\\' || at(index + 2) == '\'' => index = literal_end(&characters, index),
            (':', ':') => index += 2,
            (first, _) if is_word_character(first) => {
                while is_word_character(at(index)) {
                    index += 1;
                }
            }
            _ => index += 1,
        }
        let text: String = characters[start..index].iter().collect();
        let lines = text.matches('\n').count();
        if !text.starts_with("//") && !text.starts_with("/*") && !text.trim().is_empty() {
            tokens.push(Token { text, line });
        }
        line += lines;
    }
    tokens
}

fn is_word_character(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Returns the index after a literal with escapes, whose opening quote is at `start`.
fn literal_end(characters: &[char], start: usize) -> usize {
    let quote = characters[start];
    let mut index = start + 1;
    while characters[index] != quote {
        index += if characters[index] == '\\' { 2 } else { 1 };
    }
    index + 1
}

/// Returns the index after a raw string whose `#` or quote is at `start`; `None` if there is no string.
fn raw_string_end(characters: &[char], start: usize) -> Option<usize> {
    let hashes = characters[start..].iter().take_while(|character| **character == '#').count();
    let closing: Vec<char> = core::iter::once('"').chain(core::iter::repeat_n('#', hashes)).collect();
    let content = start + hashes + 1;
    (characters.get(content - 1) == Some(&'"')).then_some(())?;
    let len = characters[content..].windows(closing.len()).position(|window| *window == *closing)?;
    Some(content + len + closing.len())
}

/// The tokens of a file, and how many of them have been read.
struct Reader {
    tokens: Vec<Token>,
    at: usize,
}

impl Reader {
    /// Returns the token this many places ahead, or an empty text after the end.
    fn peek(&self, ahead: usize) -> &str {
        self.tokens.get(self.at + ahead).map_or("", |token| &token.text)
    }

    fn line(&self) -> usize {
        self.tokens.get(self.at).map_or(0, |token| token.line)
    }

    fn is_word(&self, ahead: usize) -> bool {
        self.peek(ahead).starts_with(is_word_character)
    }

    fn take(&mut self, expected: &str) -> bool {
        let found = self.peek(0) == expected;
        self.at += usize::from(found);
        found
    }

    /// Reads up to the brace that closes the module, or to the end.
    fn module(&mut self) -> Module {
        let mut module = Module::default();
        let mut depth = 0;
        let mut path_attribute = None;
        while self.at < self.tokens.len() {
            match (self.peek(0), self.peek(1)) {
                ("}", _) if depth == 0 => break,
                ("#", "[") if self.is_test_attribute() => self.skip_item(),
                ("#", "[") if self.peek(2) == "path" => {
                    path_attribute = Some(self.peek(4).trim_matches('"').to_owned());
                    self.at += 6;
                }
                ("mod", name) if self.is_word(1) => {
                    let name = name.to_owned();
                    self.at += 2;
                    if self.take("{") {
                        module.inline.push((name, self.module()));
                        assert!(self.take("}"), "a module that is not closed");
                    } else {
                        module.files.push(ModuleFile { name, path: path_attribute.take() });
                    }
                }
                // `use<'a>` names the lifetimes that an opaque type captures.
                ("use", next) if next != "<" => {
                    self.at += 1;
                    self.take("::");
                    self.use_tree(&[], &mut module.imports);
                }
                _ if self.is_word(0) => {
                    let path = self.path();
                    if path.segments.len() > 1 {
                        module.paths.push(path);
                    }
                }
                (token, _) => {
                    depth += i32::from(token == "{") - i32::from(token == "}");
                    self.at += 1;
                }
            }
        }
        module
    }

    /// Reads words joined by `::`.
    fn path(&mut self) -> PathUse {
        let line = self.line();
        let mut segments = Vec::new();
        loop {
            segments.push(self.peek(0).to_owned());
            self.at += 1;
            if self.peek(0) != "::" || !self.is_word(1) {
                return PathUse { segments, line };
            }
            self.at += 1;
        }
    }

    /// Reads what follows `use`, or one item of the list in its braces.
    fn use_tree(&mut self, prefix: &[String], imports: &mut Vec<(String, PathUse)>) {
        let mut path = PathUse { segments: prefix.to_vec(), line: self.line() };
        if self.is_word(0) {
            path.segments.extend(self.path().segments);
            self.take("::");
        }
        if self.take("{") {
            while !self.take("}") {
                self.use_tree(&path.segments, imports);
                self.take(",");
            }
            return;
        }
        assert!(
            !self.take("*") || path.segments[0] == "mqtt_types",
            "line {}: a glob hides what is imported",
            path.line
        );
        if path.segments.len() > 1 && path.segments.last().unwrap() == "self" {
            path.segments.pop();
        }
        if self.take("as") {
            imports.push((self.peek(0).to_owned(), path));
            self.at += 1;
        } else {
            imports.push((path.segments.last().unwrap().clone(), path));
        }
    }

    /// Returns whether `#[cfg(test)]` or `#[cfg(all(test, …))]` comes next.
    fn is_test_attribute(&self) -> bool {
        self.peek(2) == "cfg" && (self.peek(4) == "test" || self.peek(4) == "all" && self.peek(6) == "test")
    }

    /// Skips attributes and the item that they belong to.
    fn skip_item(&mut self) {
        let mut depth = 0;
        loop {
            let token = self.peek(0).to_owned();
            self.at += 1;
            depth += i32::from(matches!(&*token, "{" | "[" | "(")) - i32::from(matches!(&*token, "}" | "]" | ")"));
            if depth == 0 && matches!(&*token, "}" | ";") {
                // The braces of a `use` declaration do not end it.
                self.take(";");
                return;
            }
        }
    }
}
