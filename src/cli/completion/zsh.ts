import type { Completed, Option, Value } from './model.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Characters that _arguments gives a meaning. */
const plain = (text: string): string => text.replaceAll(/[\\[\]:]/g, '\\$&');

function action({ files, choices }: Value): string {
  if (files) return '_files';
  return choices.length > 0 ? `(${choices.join(' ')})` : ' ';
}

/** https://zsh.sourceforge.io/Doc/Release/Completion-System.html#index-_005farguments */
function spec({ text, doc, multiple, value }: Option): string {
  const head = `${multiple ? '*' : ''}${text}`;
  const about = `[${plain(doc)}]`;
  if (value === null) return `${head}${about}`;
  const argument = `${plain(value.placeholder)}:${action(value)}`;
  return value.optional ? `${head}${about}::${argument}` : `${head}=${about}:${argument}`;
}

function ofCommand({ name, words, options }: Completed): string {
  const first = words.length > 0 ? [`1:word:(${words.join(' ')})`] : [];
  const specs = [...first, ...options.map(spec)].map((one) => `        ${quoted(one)}`);
  return `      (${name}) _arguments \\\n${specs.join(' \\\n')} ;;`;
}

const described = ({ name, summary }: Completed): string => `    ${quoted(`${name}:${summary}`)}`;

/** Works as a file `_pg2any` of $fpath, and read by eval. */
export function zshScript(commands: readonly Completed[]): string {
  return `#compdef pg2any
# Completion of pg2any for zsh. To have it in every shell, after compinit:
#   echo 'eval "$(pg2any completion zsh)"' >> ~/.zshrc
_pg2any() {
  local context state state_descr line curcontext=$curcontext
  local -a commands
  typeset -A opt_args
  commands=(
${commands.map(described).join('\n')}
  )
  _arguments -C '(- *)--help[Show the help]' '(- *)--version[Show the version]' '1: :->command' '*:: :->rest'
  case $state in
    (command) _describe -t commands command commands ;;
    (rest) case $words[1] in
${commands.map(ofCommand).join('\n')}
    esac ;;
  esac
}

if [[ $funcstack[1] == _pg2any ]]; then _pg2any "$@"; else compdef _pg2any pg2any; fi`;
}
