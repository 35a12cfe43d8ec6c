/** Completion scripts for shells, made from the program's own definition, so that none can lag behind it. */
import type { Argument, Command, Option } from 'commander';
import type { Shell } from './request.ts';

interface Place {
  /** Names of the commands typed so far: `` for the program itself, `context use`. */
  readonly path: string;
  readonly commands: readonly Command[];
  readonly options: readonly Option[];
  readonly choices: readonly string[];
}

const choicesOf = (argument: Argument) => argument.argChoices ?? [];

function placesOf(program: Command): readonly Place[] {
  const walk = (command: Command, path: string): readonly Place[] => {
    const help = command.createHelp();
    const commands = help.visibleCommands(command);
    const own: Place = {
      path,
      commands,
      options: help.visibleOptions(command),
      choices: command.registeredArguments.flatMap(choicesOf),
    };
    const inner = commands.filter((one) => one.name() !== 'help');
    return [own, ...inner.flatMap((one) => walk(one, `${path} ${one.name()}`.trim()))];
  };
  return walk(program, '');
}

const flagsOf = ({ short, long }: Option) => [short, long].filter((flag) => flag !== undefined);
const takesValue = ({ required, optional }: Option) => required || optional;
const wantsFile = ({ flags }: Option) => /<(file|path)>/.test(flags);

const namesOf = (place: Place) => [
  ...place.commands.map((command) => command.name()),
  ...place.choices,
];

const unique = (words: readonly string[]) => [...new Set(words)];

function valueFlags(places: readonly Place[], isWanted: (option: Option) => boolean): string {
  const options = places.flatMap((place) => place.options).filter(takesValue);
  return unique(options.filter(isWanted).flatMap(flagsOf)).join('|');
}

function bash(places: readonly Place[]): string {
  const cases = places.map((place) => {
    const words = [...namesOf(place), ...place.options.flatMap(flagsOf)].join(' ');
    return `    '${place.path}') words='${words}' ;;`;
  });
  const paths = places.map(({ path }) => `'${path}'`).join('|');
  return `# bash completion of fleet-tui: source <(fleet-tui completion bash)
_fleet_tui() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}"
  local place='' word words='' at skip=''
  COMPREPLY=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    word="\${COMP_WORDS[at]}"
    if [[ -n $skip ]]; then skip=''; continue; fi
    case "$word" in
      --) return ;;
      ${valueFlags(places, () => true)}) skip=1; continue ;;
      -*) continue ;;
    esac
    case "\${place:+$place }$word" in ${paths}) place="\${place:+$place }$word" ;; esac
  done
  case "$previous" in
    ${valueFlags(places, wantsFile)}) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
  esac
  [[ -n $skip ]] && return
  case "$place" in
${cases.join('\n')}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _fleet_tui fleet-tui
`;
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

function zsh(places: readonly Place[]): string {
  const cases = places.map((place) => {
    const described = [
      ...place.commands.map((command) => [command.name(), command.description()]),
      ...place.choices.map((choice) => [choice, '']),
      ...place.options.flatMap((option) =>
        flagsOf(option).map((flag) => [flag, option.description]),
      ),
    ];
    const items = described.map(([name = '', words = '']) =>
      quoted(`${name.replaceAll(':', '\\:')}:${words}`),
    );
    return `    '${place.path}') items=(${items.join(' ')}) ;;`;
  });
  const paths = places.map(({ path }) => `'${path}'`).join('|');
  return `#compdef fleet-tui
# zsh completion of fleet-tui: source <(fleet-tui completion zsh)
_fleet_tui() {
  local place='' word skip='' at joined
  local -a items
  for ((at = 2; at < CURRENT; at++)); do
    word="\${words[at]}"
    if [[ -n $skip ]]; then skip=''; continue; fi
    case "$word" in
      --) _default; return ;;
      ${valueFlags(places, () => true)}) skip=1; continue ;;
      -*) continue ;;
    esac
    joined="\${place:+$place }$word"
    case "$joined" in ${paths}) place="$joined" ;; esac
  done
  case "\${words[CURRENT-1]}" in
    ${valueFlags(places, wantsFile)}) _files; return ;;
  esac
  [[ -n $skip ]] && return
  case "$place" in
${cases.join('\n')}
  esac
  _describe 'fleet-tui' items
}
compdef _fleet_tui fleet-tui
`;
}

/** True at a place: all its words typed, and none of those that lead further. */
function fishCondition(place: Place): string {
  const seen = place.path.split(' ').filter((word) => word !== '');
  const further = place.commands.map((command) => command.name());
  const parts = [
    ...seen.map((word) => `__fish_seen_subcommand_from ${word}`),
    ...(further.length > 0 ? [`not __fish_seen_subcommand_from ${further.join(' ')}`] : []),
  ];
  return parts.join('; and ');
}

function fishOption(option: Option): string {
  const { short, long, description } = option;
  const words = [
    short && `-s ${short.slice(1)}`,
    long && `-l ${long.slice(2)}`,
    takesValue(option) && (wantsFile(option) ? '-rF' : '-x'),
    `-d ${quoted(description)}`,
  ];
  return words.filter(Boolean).join(' ');
}

function fish(places: readonly Place[]): string {
  const lines = places.flatMap((place) => {
    const start = `complete -c fleet-tui -n ${quoted(fishCondition(place))}`;
    return [
      ...place.commands.map(
        (command) => `${start} -a ${command.name()} -d ${quoted(command.description())}`,
      ),
      ...place.choices.map((choice) => `${start} -a ${choice}`),
      ...place.options.map((option) => `${start} ${fishOption(option)}`),
    ];
  });
  return `# fish completion of fleet-tui: fleet-tui completion fish | source
complete -c fleet-tui -f
${lines.join('\n')}
`;
}

/** The text of a shell's completion script. */
export function completionScript(program: Command, shell: Shell): string {
  const places = placesOf(program);
  return { bash, zsh, fish }[shell](places);
}
