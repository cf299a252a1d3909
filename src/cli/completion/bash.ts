import type { Completed, Option } from './model.ts';

const quoted = (words: readonly string[]): string => `'${words.join(' ').replaceAll("'", "'\\''")}'`;

/** What may follow an option: words, files, or nothing that is known. */
function afterOption({ name }: Completed, { text, value }: Option): string[] {
  if (value === null) return [];
  // An option whose value may be left out is also followed by other options.
  const otherwise = value.optional ? '[[ $cur == -* ]] || ' : '';
  const files = value.files ? [`${otherwise}{ _pg2any_files; return; }`] : [];
  const choices = value.choices.length > 0 ? [`words=${quoted(value.choices)}`] : [];
  const closed = value.files || value.optional ? [] : ['only=1'];
  return [`        ${name}:${text}) ${[...choices, ...closed, ...files].join('; ')} ;;`];
}

function ofCommand({ name, words, options }: Completed): string {
  const first = words.length === 0 ? '' : `; ((COMP_CWORD > 2)) || words+=${quoted(['', ...words])}`;
  return `      ${name}) words=${quoted(options.map(({ text }) => text))}${first} ;;`;
}

/** For bash 3.2 and later, without the package bash-completion. */
export function bashScript(commands: readonly Completed[]): string {
  const names = [...commands.map(({ name }) => name), '--help', '--version'];
  return `# Completion of pg2any for bash. To have it in every shell:
#   echo 'eval "$(pg2any completion bash)"' >> ~/.bashrc
_pg2any_files() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -f -- "$cur"))
  compopt -o filenames 2>/dev/null
}

_pg2any() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]} words= only=
  COMPREPLY=()
  # --option=value comes as three words
  if [[ $cur == = ]]; then cur=
  elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  if ((COMP_CWORD == 1)); then
    words=${quoted(names)}
  else
    case $command:$prev in
${commands.flatMap((one) => one.options.flatMap((each) => afterOption(one, each))).join('\n')}
    esac
    if [[ -z $words$only ]]; then
    case $command in
${commands.map(ofCommand).join('\n')}
    esac
    fi
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}

complete -F _pg2any pg2any`;
}
