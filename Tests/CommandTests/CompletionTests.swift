import Foundation
import Testing

/// What the three shells offer behind a part of a command line, by the scripts that the program writes.
@Suite struct CompletionTests {
  private static let cases: [(line: String, offered: Set<String>)] = [
    ("sextant tr", ["track", "train"]),
    ("sextant track --rows ", ["observed", "seen", "all"]),
    ("sextant track --across-cuts ", ["reset", "keep"]),
    ("sextant evaluate tracks --preprocess ", ["mot15", "mot", "mot20", "kitti", "uavdt", "ignored", "none"]),
    ("sextant evaluate trajectory --time-unit ", ["auto", "s", "ms", "us", "ns"]),
    ("sextant identify --time ", ["discrete", "continuous"]),
    ("sextant convert --to uav", ["uavdt"]),
    ("sextant convert --from sextant-p", ["sextant-poses"]),
    // Files by kind: a configuration is YAML, and a folder may hold one.
    ("sextant track --config ", ["settings.yaml", "deeper"]),
  ]

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["settings.yaml", "boxes.txt", "deeper/more.yaml"] { _ = try folder.write("", name) }
  }

  @Test(.enabled(if: CompletionTests.has("bash"), "bash is not installed")) func bashOffersTheValues() throws {
    // What bash itself does for a word: the function of the completion is called with the words, and leaves its offers in COMPREPLY.
    let offering = """
      source "$1/script"
      cd "$2"
      read -ra COMP_WORDS <<< "$3"
      [[ "$3" != *' ' ]] || COMP_WORDS+=("")
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$3 COMP_POINT=${#3}
      _sextant sextant "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    try check("bash") { script, line in ["--norc", "-c", offering, "bash", script, self.folder.url.path, line] }
  }

  @Test(.enabled(if: CompletionTests.has("fish"), "fish is not installed")) func fishOffersTheValues() throws {
    try check("fish") { script, line in
      ["--no-config", "-c", "source $argv[1]/script; cd $argv[2]; complete -C $argv[3]", script, self.folder.url.path, line]
    }
  }

  @Test(.enabled(if: CompletionTests.has("zsh"), "zsh is not installed")) func zshOffersTheValues() throws {
    try check("zsh") { script, line in ["-f", "-c", CompletionTests.zsh, "zsh", script, self.folder.url.path, line] }
  }

  /// zsh completes in its line editor only: a shell on a pseudo-terminal gets the line and a tab, and tells what is offered to `compadd`.
  private static let zsh = """
    zmodload zsh/zpty
    cp $1/script $1/_sextant
    cat > $1/setup <<'SETUP'
    PROMPT=
    autoload -U compinit
    compinit -u -D
    zstyle ':completion:*' insert-tab false
    bindkey '^I' complete-word
    begin () { print -r -- '<offered>' }
    finish () { print -r -- '</offered>'; exit }
    compprefuncs=(begin)
    comppostfuncs=(finish)
    compadd () {
      if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return $?; fi
      local -a hits
      builtin compadd -A hits "$@"
      (( $#hits )) && print -rl -- $hits
      builtin compadd "$@"
    }
    SETUP
    zpty shell zsh -f -i
    zpty -w shell "cd $2; fpath=($1 \\$fpath); source $1/setup"
    zpty -n -w shell "$3"$'\\t'
    zpty -r -m shell output '*</offered>*'
    print -r -- ${${output#*<offered>}%</offered>*}
    """

  private func check(_ shell: String, _ arguments: (_ scripts: String, _ line: String) -> [String]) throws {
    let scripts = try TemporaryFolder()
    let script = try ProgramRun(["--generate-completion-script", shell])
    #expect(script.exitCode == 0)
    _ = try scripts.write(script.output, "script")
    for (line, offered) in CompletionTests.cases {
      let answer = try CompletionTests.run(shell, arguments(scripts.url.path, line))
      // fish tells a description behind a tab, and a folder with a slash.
      let words = answer.split(whereSeparator: \.isNewline).map { String($0.prefix { $0 != "\t" }) }
      let plain = words.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }.filter { !$0.isEmpty }
      #expect(Set(plain) == offered, "\(shell): \(line)")
    }
  }

  private static func has(_ shell: String) -> Bool { (try? run("sh", ["-c", "command -v \(shell)"])).map { !$0.isEmpty } ?? false }

  /// What a shell writes, with the built program as `sextant` on its path; a shell that waits for ever is ended.
  private static func run(_ shell: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["timeout", "30", shell] + arguments
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    process.environment = ["PATH": ProgramRun.program.deletingLastPathComponent().path + ":" + path, "TERM": "xterm"]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self)
  }
}
