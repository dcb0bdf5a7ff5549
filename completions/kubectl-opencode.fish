# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_kubectl_opencode_global_optspecs
    string join \n n/namespace= context= kubeconfig= cluster= user= server= certificate-authority= tls-server-name= insecure-skip-tls-verify as= as-group= as-uid= request-timeout= q/quiet v/verbose color= h/help V/version
end

function __fish_kubectl_opencode_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_kubectl_opencode_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_kubectl_opencode_using_subcommand
    set -l cmd (__fish_kubectl_opencode_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -s V -l version -d 'Print version'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "run" -d 'Create a task, follow it, and exit by its true outcome'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "attach" -d 'Sit down at the terminal of a session, a task or an agent'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "exec" -d 'Run a command where a session, a task or an agent works'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "play" -d 'Show a recording of a terminal'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "tunnel" -d 'Open a port on this machine that leads to an agent\'s server'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "get" -d 'Show tasks, sessions, agents, templates or schedules'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "describe" -d 'Show objects with their conditions, their Pod and their events, and why they are as they are'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "task" -d 'Work with tasks: one prompt, run to its end'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "tasks" -d 'Work with tasks: one prompt, run to its end'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "tk" -d 'Work with tasks: one prompt, run to its end'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "session" -d 'Work with sessions: conversations that stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "sessions" -d 'Work with sessions: conversations that stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "ses" -d 'Work with sessions: conversations that stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "agent" -d 'Work with agents: running OpenCode servers'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "agents" -d 'Work with agents: running OpenCode servers'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "ag" -d 'Work with agents: running OpenCode servers'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "doctor" -d 'Look for what stands between you and this cluster: connection, versions, rights, agents'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "install" -d 'Bring sessions to a cluster: their definition, their rights, their controller'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "controller" -d 'Run the controllers of sessions, and of agents and tasks where the platform\'s own are absent'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "sandbox" -d 'Run a cluster on this machine, to try things and for tests'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "explain" -d 'Explain a topic: errors, the lifecycle of tasks and sessions, the offline model, …'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "completion" -d 'Print a script that completes commands and names in a shell'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "version" -d 'Show the version of this program'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "__complete" -d 'Complete the words of an unfinished command line, for kubectl'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_needs_command" -f -a "__generate" -d 'Write completions, manual pages and the reference of commands'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -s f -l filename -d 'File with the prompt, or a Task manifest (apiVersion and kind at its top); - reads standard input' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -l name -d 'Name of the task; one is made up if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -s a -l agent -d 'Agent to run on; if not given, the one called default, or the only one there is' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -l template -d 'Template to make a Pod from, instead of an agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -l timeout -d 'Longest time the task may take; then the cluster stops it' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -l label -d 'Label for the task; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand run" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l session -d 'OpenCode session on the agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -s o -l output -d 'How to write the list' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l pty -d 'The terminal with this ID; without one, choose from the list' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l detach-keys -d 'Keys that leave without ending what runs; empty for none' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l clipboard -d 'Whether what runs there may set the clipboard; it can never read it [default: allow on a terminal]' -r -f -a "allow\t'Up to 1 MiB at a time'
deny\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l reconnect-timeout -d 'Longest time to try to get a lost link back' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l record -d 'Record what the terminal shows into a new file, in the format asciicast; `kubectl opencode play FILE` shows it' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l shell -d 'Open a shell in the workspace instead of the OpenCode interface'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l list -d 'Show the live terminals instead of attaching'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l read-only -d 'Only watch: nothing that is typed is sent; ctrl-c leaves'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l join -d 'Type along with whoever is attached already; without this or --steal you only watch'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l steal -d 'Take over from whoever is attached already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l drop-input -d 'Drop what is typed while the link is down, instead of keeping up to 4 KiB of it'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l resume -d 'Resume the agent first if it is suspended, without asking'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l record-input -d 'Record what is typed, too: passwords and all'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand attach" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand exec" -l session -d 'OpenCode session on the agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand exec" -s c -l container -d 'Container of the Pod; the one that serves the agent if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand exec" -l record -d 'Record what the terminal shows into a new file, in the format asciicast; `kubectl opencode play FILE` shows it' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand exec" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand exec" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand exec" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand exec" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand exec" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand exec" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand exec" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand exec" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand exec" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand exec" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand exec" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand exec" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand exec" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand exec" -s i -l stdin -d 'Pass standard input on to the command'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand exec" -s t -l tty -d 'Run the command on a terminal; goes with -i, where standard input is a terminal'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand exec" -l record-input -d 'Record what is typed, too: passwords and all'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand exec" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand exec" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand exec" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand exec" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand play" -l speed -d 'How many times as fast' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand play" -l idle-limit -l idle-time-limit -d 'Longest pause to be seen, such as 2s or 0.5 [default: what the recording says, or none]' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand play" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand play" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand play" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand play" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand play" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand play" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand play" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand play" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand play" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand play" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand play" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand play" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand play" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand play" -l raw -d 'Pass everything on, also what asks the terminal, sets the clipboard, or takes the mouse; for recordings that you trust'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand play" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand play" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand play" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand play" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tunnel" -l address -d 'Loopback address to listen on' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tunnel" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tunnel" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tunnel" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tunnel" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tunnel" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tunnel" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tunnel" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tunnel" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tunnel" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tunnel" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tunnel" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tunnel" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tunnel" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tunnel" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tunnel" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tunnel" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tunnel" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand get" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand describe" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand describe" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand describe" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand describe" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand describe" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand describe" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand describe" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand describe" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand describe" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand describe" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand describe" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand describe" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand describe" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand describe" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand describe" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand describe" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand describe" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand describe" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand describe" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "create" -d 'Create a task and leave it to the cluster'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "list" -d 'List tasks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "ls" -d 'List tasks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "get" -d 'Show tasks by name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "describe" -d 'Show tasks with their conditions and events, and why they are as they are'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "logs" -d 'Print the output of a task'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "wait" -d 'Wait until tasks end; exit by their outcome'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "stop" -d 'Stop running and queued tasks; the agent\'s turn is aborted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "delete" -d 'Delete tasks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "rm" -d 'Delete tasks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "transcript" -d 'Print the conversation of a task'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -s f -l filename -d 'File with the prompt, or a Task manifest (apiVersion and kind at its top); - reads standard input' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -l name -d 'Name of the task; one is made up if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -s a -l agent -d 'Agent to run on; if not given, the one called default, or the only one there is' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -l template -d 'Template to make a Pod from, instead of an agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -l timeout -d 'Longest time the task may take; then the cluster stops it' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -l label -d 'Label for the task; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -l wait -d 'Wait until the task ends, and exit by its outcome'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from describe" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from describe" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from describe" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from describe" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from describe" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from describe" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from describe" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from describe" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from describe" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from describe" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from describe" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from describe" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from describe" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from describe" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from describe" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from describe" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from describe" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from describe" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from describe" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -s c -l container -d 'Container; the one that does the work if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -l tail -d 'Only the last lines' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -l since -d 'Only what is newer, such as 10m' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -s f -l follow -d 'Go on until it ends'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -s p -l previous -d 'The container\'s run before this one'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -l timestamps -d 'Put the time before each line'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -l raw -d 'Write the bytes as they are, terminal escape sequences included'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from logs" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from wait" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from wait" -l for -d 'State to wait for: a phase or activity in lower case, ready, suspended, deleted, or condition=TYPE[=STATUS]' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from wait" -l timeout -d 'Longest time to wait; 0 looks once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from wait" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from wait" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from wait" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from wait" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from wait" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from wait" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from wait" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from wait" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from wait" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from wait" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from wait" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from wait" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from wait" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from wait" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from wait" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from wait" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from wait" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from wait" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from wait" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from stop" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from stop" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from stop" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from stop" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from stop" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from stop" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from stop" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from stop" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from stop" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from stop" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from stop" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from stop" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from stop" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from stop" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from stop" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from stop" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from stop" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from stop" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from stop" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from stop" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -l timeout -d 'Longest time to wait until they are gone' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -l no-wait -d 'Do not wait until they are gone'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -l force -d 'Sessions and tasks in the middle of a turn too: the turn is aborted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -l ignore-not-found -d 'What is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Accepted for scripts; delete never asks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -l dry-run -d 'Only say what would be deleted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -l timeout -d 'Longest time to wait until they are gone' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -l no-wait -d 'Do not wait until they are gone'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -l force -d 'Sessions and tasks in the middle of a turn too: the turn is aborted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -l ignore-not-found -d 'What is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -s y -l yes -d 'Accepted for scripts; delete never asks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -l dry-run -d 'Only say what would be deleted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from rm" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from transcript" -l session -d 'OpenCode session on the agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from transcript" -l tail -d 'Only the last messages' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from transcript" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from transcript" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from transcript" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from transcript" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from transcript" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from transcript" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from transcript" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from transcript" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from transcript" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from transcript" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from transcript" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from transcript" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from transcript" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from transcript" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from transcript" -l tools -d 'Show what the tools were given and what they answered'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from transcript" -l reasoning -d 'Show the model\'s reasoning'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from transcript" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from transcript" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from transcript" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand task; and __fish_seen_subcommand_from transcript" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "create" -d 'Create a task and leave it to the cluster'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "list" -d 'List tasks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "ls" -d 'List tasks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "get" -d 'Show tasks by name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "describe" -d 'Show tasks with their conditions and events, and why they are as they are'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "logs" -d 'Print the output of a task'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "wait" -d 'Wait until tasks end; exit by their outcome'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "stop" -d 'Stop running and queued tasks; the agent\'s turn is aborted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "delete" -d 'Delete tasks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "rm" -d 'Delete tasks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "transcript" -d 'Print the conversation of a task'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -s f -l filename -d 'File with the prompt, or a Task manifest (apiVersion and kind at its top); - reads standard input' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -l name -d 'Name of the task; one is made up if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -s a -l agent -d 'Agent to run on; if not given, the one called default, or the only one there is' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -l template -d 'Template to make a Pod from, instead of an agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -l timeout -d 'Longest time the task may take; then the cluster stops it' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -l label -d 'Label for the task; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -l wait -d 'Wait until the task ends, and exit by its outcome'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from describe" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from describe" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from describe" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from describe" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from describe" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from describe" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from describe" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from describe" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from describe" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from describe" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from describe" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from describe" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from describe" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from describe" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from describe" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from describe" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from describe" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from describe" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from describe" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -s c -l container -d 'Container; the one that does the work if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -l tail -d 'Only the last lines' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -l since -d 'Only what is newer, such as 10m' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -s f -l follow -d 'Go on until it ends'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -s p -l previous -d 'The container\'s run before this one'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -l timestamps -d 'Put the time before each line'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -l raw -d 'Write the bytes as they are, terminal escape sequences included'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from logs" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from wait" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from wait" -l for -d 'State to wait for: a phase or activity in lower case, ready, suspended, deleted, or condition=TYPE[=STATUS]' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from wait" -l timeout -d 'Longest time to wait; 0 looks once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from wait" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from wait" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from wait" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from wait" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from wait" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from wait" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from wait" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from wait" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from wait" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from wait" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from wait" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from wait" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from wait" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from wait" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from wait" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from wait" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from wait" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from wait" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from wait" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from stop" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from stop" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from stop" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from stop" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from stop" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from stop" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from stop" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from stop" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from stop" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from stop" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from stop" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from stop" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from stop" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from stop" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from stop" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from stop" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from stop" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from stop" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from stop" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from stop" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -l timeout -d 'Longest time to wait until they are gone' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -l no-wait -d 'Do not wait until they are gone'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -l force -d 'Sessions and tasks in the middle of a turn too: the turn is aborted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -l ignore-not-found -d 'What is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Accepted for scripts; delete never asks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -l dry-run -d 'Only say what would be deleted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -l timeout -d 'Longest time to wait until they are gone' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -l no-wait -d 'Do not wait until they are gone'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -l force -d 'Sessions and tasks in the middle of a turn too: the turn is aborted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -l ignore-not-found -d 'What is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -s y -l yes -d 'Accepted for scripts; delete never asks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -l dry-run -d 'Only say what would be deleted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from rm" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from transcript" -l session -d 'OpenCode session on the agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from transcript" -l tail -d 'Only the last messages' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from transcript" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from transcript" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from transcript" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from transcript" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from transcript" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from transcript" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from transcript" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from transcript" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from transcript" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from transcript" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from transcript" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from transcript" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from transcript" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from transcript" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from transcript" -l tools -d 'Show what the tools were given and what they answered'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from transcript" -l reasoning -d 'Show the model\'s reasoning'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from transcript" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from transcript" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from transcript" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tasks; and __fish_seen_subcommand_from transcript" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "create" -d 'Create a task and leave it to the cluster'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "list" -d 'List tasks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "ls" -d 'List tasks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "get" -d 'Show tasks by name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "describe" -d 'Show tasks with their conditions and events, and why they are as they are'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "logs" -d 'Print the output of a task'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "wait" -d 'Wait until tasks end; exit by their outcome'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "stop" -d 'Stop running and queued tasks; the agent\'s turn is aborted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "delete" -d 'Delete tasks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "rm" -d 'Delete tasks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and not __fish_seen_subcommand_from create list ls get describe logs wait stop delete rm transcript" -f -a "transcript" -d 'Print the conversation of a task'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -s f -l filename -d 'File with the prompt, or a Task manifest (apiVersion and kind at its top); - reads standard input' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -l name -d 'Name of the task; one is made up if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -s a -l agent -d 'Agent to run on; if not given, the one called default, or the only one there is' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -l template -d 'Template to make a Pod from, instead of an agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -l timeout -d 'Longest time the task may take; then the cluster stops it' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -l label -d 'Label for the task; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -l wait -d 'Wait until the task ends, and exit by its outcome'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from describe" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from describe" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from describe" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from describe" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from describe" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from describe" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from describe" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from describe" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from describe" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from describe" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from describe" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from describe" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from describe" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from describe" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from describe" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from describe" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from describe" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from describe" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from describe" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -s c -l container -d 'Container; the one that does the work if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -l tail -d 'Only the last lines' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -l since -d 'Only what is newer, such as 10m' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -s f -l follow -d 'Go on until it ends'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -s p -l previous -d 'The container\'s run before this one'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -l timestamps -d 'Put the time before each line'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -l raw -d 'Write the bytes as they are, terminal escape sequences included'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from logs" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from wait" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from wait" -l for -d 'State to wait for: a phase or activity in lower case, ready, suspended, deleted, or condition=TYPE[=STATUS]' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from wait" -l timeout -d 'Longest time to wait; 0 looks once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from wait" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from wait" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from wait" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from wait" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from wait" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from wait" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from wait" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from wait" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from wait" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from wait" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from wait" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from wait" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from wait" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from wait" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from wait" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from wait" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from wait" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from wait" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from wait" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from stop" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from stop" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from stop" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from stop" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from stop" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from stop" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from stop" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from stop" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from stop" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from stop" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from stop" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from stop" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from stop" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from stop" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from stop" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from stop" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from stop" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from stop" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from stop" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from stop" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -l timeout -d 'Longest time to wait until they are gone' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -l no-wait -d 'Do not wait until they are gone'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -l force -d 'Sessions and tasks in the middle of a turn too: the turn is aborted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -l ignore-not-found -d 'What is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Accepted for scripts; delete never asks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -l dry-run -d 'Only say what would be deleted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -l timeout -d 'Longest time to wait until they are gone' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -l no-wait -d 'Do not wait until they are gone'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -l force -d 'Sessions and tasks in the middle of a turn too: the turn is aborted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -l ignore-not-found -d 'What is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -s y -l yes -d 'Accepted for scripts; delete never asks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -l dry-run -d 'Only say what would be deleted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from rm" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from transcript" -l session -d 'OpenCode session on the agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from transcript" -l tail -d 'Only the last messages' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from transcript" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from transcript" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from transcript" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from transcript" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from transcript" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from transcript" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from transcript" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from transcript" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from transcript" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from transcript" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from transcript" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from transcript" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from transcript" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from transcript" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from transcript" -l tools -d 'Show what the tools were given and what they answered'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from transcript" -l reasoning -d 'Show the model\'s reasoning'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from transcript" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from transcript" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from transcript" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand tk; and __fish_seen_subcommand_from transcript" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "create" -d 'Create a session on an agent'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "list" -d 'List sessions'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "ls" -d 'List sessions'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "get" -d 'Show sessions by name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "describe" -d 'Show sessions with their conditions and events, and why they are as they are'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "send" -d 'Send a prompt and print the answer'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "attach" -d 'Sit down at a session\'s terminal'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "transcript" -d 'Print the conversation'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "wait" -d 'Wait until sessions are in a state'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "stop" -d 'Stop sessions; the conversation is kept'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "start" -d 'Start stopped or ended sessions again'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "delete" -d 'Delete sessions and their conversations'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "rm" -d 'Delete sessions and their conversations'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -s a -l agent -d 'Agent to run on; if not given, the one called default, or the only one there is' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l template -d 'Template of an agent of its own, which goes when the session goes' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l fallback-agent -d 'Agent to use when the agent of its own is not ready in time' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l start-deadline -d 'Seconds that the agent may take to become ready' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -s p -l prompt -d 'First prompt; - reads it from standard input' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -s f -l filename -d 'File with the first prompt, or a Session manifest (apiVersion and kind at its top); - reads standard input' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l title -d 'Title' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -s m -l model -d 'Model' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l mode -d 'OpenCode agent: build, plan, …' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l directory -d 'Directory inside the workspace' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l repo -d 'Repository to clone into the workspace; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l timeout -d 'Longest time the session may run' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l idle-timeout -d 'Longest time without activity' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l ttl -d 'Seconds after its end when the session is deleted' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l permissions -d 'What the session may do without asking' -r -f -a "ask\t'Edits and commands ask a person'
allow\t'Nothing asks'
deny\t'What would ask is refused'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l label -d 'Label for the session; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l wait-timeout -d 'Longest time to wait' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l retain -d 'Keep the conversation on the agent\'s server when the session is deleted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l wait -d 'Wait until the session runs'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from describe" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from describe" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from describe" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from describe" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from describe" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from describe" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from describe" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from describe" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from describe" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from describe" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from describe" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from describe" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from describe" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from describe" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from describe" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from describe" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from describe" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from describe" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from describe" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -l session -d 'OpenCode session on the agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -s f -l filename -d 'File with the text; - reads standard input' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -s m -l model -d 'Model for this and later prompts' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -l mode -d 'OpenCode agent for this prompt: build, plan, …' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -l timeout -d 'Longest time to wait for the answer; the session goes on' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -l no-wait -d 'Send it and do not wait for the answer'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from send" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l session -d 'OpenCode session on the agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -s o -l output -d 'How to write the list' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l pty -d 'The terminal with this ID; without one, choose from the list' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l detach-keys -d 'Keys that leave without ending what runs; empty for none' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l clipboard -d 'Whether what runs there may set the clipboard; it can never read it [default: allow on a terminal]' -r -f -a "allow\t'Up to 1 MiB at a time'
deny\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l reconnect-timeout -d 'Longest time to try to get a lost link back' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l record -d 'Record what the terminal shows into a new file, in the format asciicast; `kubectl opencode play FILE` shows it' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l shell -d 'Open a shell in the workspace instead of the OpenCode interface'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l list -d 'Show the live terminals instead of attaching'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l read-only -d 'Only watch: nothing that is typed is sent; ctrl-c leaves'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l join -d 'Type along with whoever is attached already; without this or --steal you only watch'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l steal -d 'Take over from whoever is attached already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l drop-input -d 'Drop what is typed while the link is down, instead of keeping up to 4 KiB of it'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l resume -d 'Resume the agent first if it is suspended, without asking'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l record-input -d 'Record what is typed, too: passwords and all'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from attach" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from transcript" -l session -d 'OpenCode session on the agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from transcript" -l tail -d 'Only the last messages' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from transcript" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from transcript" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from transcript" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from transcript" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from transcript" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from transcript" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from transcript" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from transcript" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from transcript" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from transcript" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from transcript" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from transcript" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from transcript" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from transcript" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from transcript" -l tools -d 'Show what the tools were given and what they answered'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from transcript" -l reasoning -d 'Show the model\'s reasoning'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from transcript" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from transcript" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from transcript" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from transcript" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from wait" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from wait" -l for -d 'State to wait for: a phase or activity in lower case, ready, suspended, deleted, or condition=TYPE[=STATUS]' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from wait" -l timeout -d 'Longest time to wait; 0 looks once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from wait" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from wait" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from wait" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from wait" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from wait" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from wait" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from wait" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from wait" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from wait" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from wait" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from wait" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from wait" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from wait" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from wait" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from wait" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from wait" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from wait" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from wait" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from wait" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from stop" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from stop" -l timeout -d 'Longest time to wait' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from stop" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from stop" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from stop" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from stop" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from stop" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from stop" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from stop" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from stop" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from stop" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from stop" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from stop" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from stop" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from stop" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from stop" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from stop" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from stop" -l wait -d 'Wait until it is so'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from stop" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from stop" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from stop" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from stop" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from start" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from start" -l timeout -d 'Longest time to wait' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from start" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from start" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from start" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from start" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from start" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from start" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from start" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from start" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from start" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from start" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from start" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from start" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from start" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from start" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from start" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from start" -l wait -d 'Wait until it is so'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from start" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from start" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from start" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from start" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -l timeout -d 'Longest time to wait until they are gone' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -l no-wait -d 'Do not wait until they are gone'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -l force -d 'Sessions and tasks in the middle of a turn too: the turn is aborted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -l ignore-not-found -d 'What is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Accepted for scripts; delete never asks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -l dry-run -d 'Only say what would be deleted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -l timeout -d 'Longest time to wait until they are gone' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -l no-wait -d 'Do not wait until they are gone'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -l force -d 'Sessions and tasks in the middle of a turn too: the turn is aborted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -l ignore-not-found -d 'What is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -s y -l yes -d 'Accepted for scripts; delete never asks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -l dry-run -d 'Only say what would be deleted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand session; and __fish_seen_subcommand_from rm" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "create" -d 'Create a session on an agent'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "list" -d 'List sessions'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "ls" -d 'List sessions'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "get" -d 'Show sessions by name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "describe" -d 'Show sessions with their conditions and events, and why they are as they are'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "send" -d 'Send a prompt and print the answer'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "attach" -d 'Sit down at a session\'s terminal'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "transcript" -d 'Print the conversation'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "wait" -d 'Wait until sessions are in a state'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "stop" -d 'Stop sessions; the conversation is kept'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "start" -d 'Start stopped or ended sessions again'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "delete" -d 'Delete sessions and their conversations'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "rm" -d 'Delete sessions and their conversations'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -s a -l agent -d 'Agent to run on; if not given, the one called default, or the only one there is' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l template -d 'Template of an agent of its own, which goes when the session goes' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l fallback-agent -d 'Agent to use when the agent of its own is not ready in time' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l start-deadline -d 'Seconds that the agent may take to become ready' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -s p -l prompt -d 'First prompt; - reads it from standard input' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -s f -l filename -d 'File with the first prompt, or a Session manifest (apiVersion and kind at its top); - reads standard input' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l title -d 'Title' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -s m -l model -d 'Model' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l mode -d 'OpenCode agent: build, plan, …' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l directory -d 'Directory inside the workspace' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l repo -d 'Repository to clone into the workspace; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l timeout -d 'Longest time the session may run' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l idle-timeout -d 'Longest time without activity' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l ttl -d 'Seconds after its end when the session is deleted' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l permissions -d 'What the session may do without asking' -r -f -a "ask\t'Edits and commands ask a person'
allow\t'Nothing asks'
deny\t'What would ask is refused'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l label -d 'Label for the session; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l wait-timeout -d 'Longest time to wait' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l retain -d 'Keep the conversation on the agent\'s server when the session is deleted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l wait -d 'Wait until the session runs'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from describe" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from describe" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from describe" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from describe" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from describe" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from describe" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from describe" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from describe" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from describe" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from describe" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from describe" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from describe" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from describe" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from describe" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from describe" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from describe" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from describe" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from describe" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from describe" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -l session -d 'OpenCode session on the agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -s f -l filename -d 'File with the text; - reads standard input' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -s m -l model -d 'Model for this and later prompts' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -l mode -d 'OpenCode agent for this prompt: build, plan, …' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -l timeout -d 'Longest time to wait for the answer; the session goes on' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -l no-wait -d 'Send it and do not wait for the answer'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from send" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l session -d 'OpenCode session on the agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -s o -l output -d 'How to write the list' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l pty -d 'The terminal with this ID; without one, choose from the list' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l detach-keys -d 'Keys that leave without ending what runs; empty for none' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l clipboard -d 'Whether what runs there may set the clipboard; it can never read it [default: allow on a terminal]' -r -f -a "allow\t'Up to 1 MiB at a time'
deny\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l reconnect-timeout -d 'Longest time to try to get a lost link back' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l record -d 'Record what the terminal shows into a new file, in the format asciicast; `kubectl opencode play FILE` shows it' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l shell -d 'Open a shell in the workspace instead of the OpenCode interface'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l list -d 'Show the live terminals instead of attaching'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l read-only -d 'Only watch: nothing that is typed is sent; ctrl-c leaves'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l join -d 'Type along with whoever is attached already; without this or --steal you only watch'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l steal -d 'Take over from whoever is attached already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l drop-input -d 'Drop what is typed while the link is down, instead of keeping up to 4 KiB of it'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l resume -d 'Resume the agent first if it is suspended, without asking'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l record-input -d 'Record what is typed, too: passwords and all'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from attach" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from transcript" -l session -d 'OpenCode session on the agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from transcript" -l tail -d 'Only the last messages' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from transcript" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from transcript" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from transcript" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from transcript" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from transcript" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from transcript" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from transcript" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from transcript" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from transcript" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from transcript" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from transcript" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from transcript" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from transcript" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from transcript" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from transcript" -l tools -d 'Show what the tools were given and what they answered'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from transcript" -l reasoning -d 'Show the model\'s reasoning'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from transcript" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from transcript" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from transcript" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from transcript" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from wait" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from wait" -l for -d 'State to wait for: a phase or activity in lower case, ready, suspended, deleted, or condition=TYPE[=STATUS]' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from wait" -l timeout -d 'Longest time to wait; 0 looks once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from wait" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from wait" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from wait" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from wait" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from wait" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from wait" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from wait" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from wait" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from wait" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from wait" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from wait" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from wait" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from wait" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from wait" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from wait" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from wait" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from wait" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from wait" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from wait" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from stop" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from stop" -l timeout -d 'Longest time to wait' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from stop" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from stop" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from stop" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from stop" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from stop" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from stop" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from stop" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from stop" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from stop" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from stop" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from stop" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from stop" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from stop" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from stop" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from stop" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from stop" -l wait -d 'Wait until it is so'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from stop" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from stop" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from stop" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from stop" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from start" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from start" -l timeout -d 'Longest time to wait' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from start" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from start" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from start" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from start" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from start" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from start" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from start" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from start" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from start" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from start" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from start" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from start" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from start" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from start" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from start" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from start" -l wait -d 'Wait until it is so'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from start" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from start" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from start" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from start" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -l timeout -d 'Longest time to wait until they are gone' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -l no-wait -d 'Do not wait until they are gone'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -l force -d 'Sessions and tasks in the middle of a turn too: the turn is aborted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -l ignore-not-found -d 'What is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Accepted for scripts; delete never asks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -l dry-run -d 'Only say what would be deleted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -l timeout -d 'Longest time to wait until they are gone' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -l no-wait -d 'Do not wait until they are gone'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -l force -d 'Sessions and tasks in the middle of a turn too: the turn is aborted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -l ignore-not-found -d 'What is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -s y -l yes -d 'Accepted for scripts; delete never asks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -l dry-run -d 'Only say what would be deleted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sessions; and __fish_seen_subcommand_from rm" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "create" -d 'Create a session on an agent'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "list" -d 'List sessions'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "ls" -d 'List sessions'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "get" -d 'Show sessions by name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "describe" -d 'Show sessions with their conditions and events, and why they are as they are'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "send" -d 'Send a prompt and print the answer'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "attach" -d 'Sit down at a session\'s terminal'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "transcript" -d 'Print the conversation'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "wait" -d 'Wait until sessions are in a state'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "stop" -d 'Stop sessions; the conversation is kept'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "start" -d 'Start stopped or ended sessions again'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "delete" -d 'Delete sessions and their conversations'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and not __fish_seen_subcommand_from create list ls get describe send attach transcript wait stop start delete rm" -f -a "rm" -d 'Delete sessions and their conversations'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -s a -l agent -d 'Agent to run on; if not given, the one called default, or the only one there is' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l template -d 'Template of an agent of its own, which goes when the session goes' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l fallback-agent -d 'Agent to use when the agent of its own is not ready in time' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l start-deadline -d 'Seconds that the agent may take to become ready' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -s p -l prompt -d 'First prompt; - reads it from standard input' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -s f -l filename -d 'File with the first prompt, or a Session manifest (apiVersion and kind at its top); - reads standard input' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l title -d 'Title' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -s m -l model -d 'Model' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l mode -d 'OpenCode agent: build, plan, …' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l directory -d 'Directory inside the workspace' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l repo -d 'Repository to clone into the workspace; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l timeout -d 'Longest time the session may run' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l idle-timeout -d 'Longest time without activity' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l ttl -d 'Seconds after its end when the session is deleted' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l permissions -d 'What the session may do without asking' -r -f -a "ask\t'Edits and commands ask a person'
allow\t'Nothing asks'
deny\t'What would ask is refused'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l label -d 'Label for the session; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l wait-timeout -d 'Longest time to wait' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l retain -d 'Keep the conversation on the agent\'s server when the session is deleted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l wait -d 'Wait until the session runs'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from describe" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from describe" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from describe" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from describe" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from describe" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from describe" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from describe" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from describe" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from describe" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from describe" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from describe" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from describe" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from describe" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from describe" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from describe" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from describe" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from describe" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from describe" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from describe" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -l session -d 'OpenCode session on the agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -s f -l filename -d 'File with the text; - reads standard input' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -s m -l model -d 'Model for this and later prompts' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -l mode -d 'OpenCode agent for this prompt: build, plan, …' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -l timeout -d 'Longest time to wait for the answer; the session goes on' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -l no-wait -d 'Send it and do not wait for the answer'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from send" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l session -d 'OpenCode session on the agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -s o -l output -d 'How to write the list' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l pty -d 'The terminal with this ID; without one, choose from the list' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l detach-keys -d 'Keys that leave without ending what runs; empty for none' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l clipboard -d 'Whether what runs there may set the clipboard; it can never read it [default: allow on a terminal]' -r -f -a "allow\t'Up to 1 MiB at a time'
deny\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l reconnect-timeout -d 'Longest time to try to get a lost link back' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l record -d 'Record what the terminal shows into a new file, in the format asciicast; `kubectl opencode play FILE` shows it' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l shell -d 'Open a shell in the workspace instead of the OpenCode interface'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l list -d 'Show the live terminals instead of attaching'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l read-only -d 'Only watch: nothing that is typed is sent; ctrl-c leaves'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l join -d 'Type along with whoever is attached already; without this or --steal you only watch'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l steal -d 'Take over from whoever is attached already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l drop-input -d 'Drop what is typed while the link is down, instead of keeping up to 4 KiB of it'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l resume -d 'Resume the agent first if it is suspended, without asking'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l record-input -d 'Record what is typed, too: passwords and all'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from attach" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from transcript" -l session -d 'OpenCode session on the agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from transcript" -l tail -d 'Only the last messages' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from transcript" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from transcript" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from transcript" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from transcript" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from transcript" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from transcript" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from transcript" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from transcript" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from transcript" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from transcript" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from transcript" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from transcript" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from transcript" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from transcript" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from transcript" -l tools -d 'Show what the tools were given and what they answered'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from transcript" -l reasoning -d 'Show the model\'s reasoning'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from transcript" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from transcript" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from transcript" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from transcript" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from wait" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from wait" -l for -d 'State to wait for: a phase or activity in lower case, ready, suspended, deleted, or condition=TYPE[=STATUS]' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from wait" -l timeout -d 'Longest time to wait; 0 looks once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from wait" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from wait" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from wait" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from wait" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from wait" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from wait" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from wait" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from wait" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from wait" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from wait" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from wait" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from wait" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from wait" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from wait" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from wait" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from wait" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from wait" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from wait" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from wait" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from stop" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from stop" -l timeout -d 'Longest time to wait' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from stop" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from stop" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from stop" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from stop" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from stop" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from stop" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from stop" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from stop" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from stop" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from stop" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from stop" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from stop" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from stop" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from stop" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from stop" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from stop" -l wait -d 'Wait until it is so'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from stop" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from stop" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from stop" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from stop" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from start" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from start" -l timeout -d 'Longest time to wait' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from start" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from start" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from start" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from start" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from start" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from start" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from start" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from start" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from start" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from start" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from start" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from start" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from start" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from start" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from start" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from start" -l wait -d 'Wait until it is so'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from start" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from start" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from start" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from start" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -l timeout -d 'Longest time to wait until they are gone' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -l no-wait -d 'Do not wait until they are gone'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -l force -d 'Sessions and tasks in the middle of a turn too: the turn is aborted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -l ignore-not-found -d 'What is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Accepted for scripts; delete never asks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -l dry-run -d 'Only say what would be deleted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -l timeout -d 'Longest time to wait until they are gone' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -l no-wait -d 'Do not wait until they are gone'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -l force -d 'Sessions and tasks in the middle of a turn too: the turn is aborted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -l ignore-not-found -d 'What is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -s y -l yes -d 'Accepted for scripts; delete never asks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -l dry-run -d 'Only say what would be deleted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ses; and __fish_seen_subcommand_from rm" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "create" -d 'Create an agent: a running OpenCode server with a workspace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "list" -d 'List agents'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "ls" -d 'List agents'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "get" -d 'Show agents by name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "describe" -d 'Show agents with their conditions and events, and why they are as they are'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "attach" -d 'Sit down at the OpenCode interface of an agent'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "shell" -d 'Open a shell in an agent\'s workspace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "logs" -d 'Print the log of an agent\'s server'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "suspend" -d 'Scale agents to zero'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "resume" -d 'Bring suspended agents back'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "wait" -d 'Wait until agents are in a state'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "delete" -d 'Delete agents'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "rm" -d 'Delete agents'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -s f -l filename -d 'Agent manifest; - reads standard input' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l template -d 'Template whose fields fill what is not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l profile -d 'What the agent is for, in one line' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l workspace-dir -d 'Absolute path of the workspace [default: /workspace, or the template\'s]' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l service-account -d 'Service account of the agent and of its tasks [default: default, or the template\'s]' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l image -d 'Image of the main container' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l agent-image -d 'Image that carries opencode' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l port -d 'Port of the server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l max-concurrent-tasks -d 'Most tasks at a time' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l standby -d 'Suspend it when nobody used it for so long' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l config -d 'OpenCode configuration, as JSON' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l label -d 'Label for the agent; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l timeout -d 'Longest time to wait' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l wait -d 'Wait until the agent is ready'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from describe" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from describe" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from describe" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from describe" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from describe" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from describe" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from describe" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from describe" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from describe" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from describe" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from describe" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from describe" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from describe" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from describe" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from describe" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from describe" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from describe" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from describe" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from describe" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l session -d 'OpenCode session on the agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -s o -l output -d 'How to write the list' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l pty -d 'The terminal with this ID; without one, choose from the list' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l detach-keys -d 'Keys that leave without ending what runs; empty for none' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l clipboard -d 'Whether what runs there may set the clipboard; it can never read it [default: allow on a terminal]' -r -f -a "allow\t'Up to 1 MiB at a time'
deny\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l reconnect-timeout -d 'Longest time to try to get a lost link back' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l record -d 'Record what the terminal shows into a new file, in the format asciicast; `kubectl opencode play FILE` shows it' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l shell -d 'Open a shell in the workspace instead of the OpenCode interface'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l list -d 'Show the live terminals instead of attaching'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l read-only -d 'Only watch: nothing that is typed is sent; ctrl-c leaves'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l join -d 'Type along with whoever is attached already; without this or --steal you only watch'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l steal -d 'Take over from whoever is attached already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l drop-input -d 'Drop what is typed while the link is down, instead of keeping up to 4 KiB of it'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l resume -d 'Resume the agent first if it is suspended, without asking'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l record-input -d 'Record what is typed, too: passwords and all'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from attach" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l session -d 'OpenCode session on the agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -s o -l output -d 'How to write the list' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l pty -d 'The terminal with this ID; without one, choose from the list' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l detach-keys -d 'Keys that leave without ending what runs; empty for none' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l clipboard -d 'Whether what runs there may set the clipboard; it can never read it [default: allow on a terminal]' -r -f -a "allow\t'Up to 1 MiB at a time'
deny\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l reconnect-timeout -d 'Longest time to try to get a lost link back' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l record -d 'Record what the terminal shows into a new file, in the format asciicast; `kubectl opencode play FILE` shows it' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l shell -d 'Open a shell in the workspace instead of the OpenCode interface'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l list -d 'Show the live terminals instead of attaching'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l read-only -d 'Only watch: nothing that is typed is sent; ctrl-c leaves'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l join -d 'Type along with whoever is attached already; without this or --steal you only watch'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l steal -d 'Take over from whoever is attached already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l drop-input -d 'Drop what is typed while the link is down, instead of keeping up to 4 KiB of it'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l resume -d 'Resume the agent first if it is suspended, without asking'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l record-input -d 'Record what is typed, too: passwords and all'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from shell" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -s c -l container -d 'Container; the one that does the work if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -l tail -d 'Only the last lines' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -l since -d 'Only what is newer, such as 10m' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -s f -l follow -d 'Go on until it ends'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -s p -l previous -d 'The container\'s run before this one'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -l timestamps -d 'Put the time before each line'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -l raw -d 'Write the bytes as they are, terminal escape sequences included'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from logs" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from suspend" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from suspend" -l timeout -d 'Longest time to wait' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from suspend" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from suspend" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from suspend" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from suspend" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from suspend" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from suspend" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from suspend" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from suspend" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from suspend" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from suspend" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from suspend" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from suspend" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from suspend" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from suspend" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from suspend" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from suspend" -l wait -d 'Wait until it is so'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from suspend" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from suspend" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from suspend" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from suspend" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from resume" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from resume" -l timeout -d 'Longest time to wait' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from resume" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from resume" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from resume" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from resume" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from resume" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from resume" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from resume" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from resume" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from resume" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from resume" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from resume" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from resume" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from resume" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from resume" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from resume" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from resume" -l wait -d 'Wait until it is so'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from resume" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from resume" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from resume" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from wait" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from wait" -l for -d 'State to wait for: a phase or activity in lower case, ready, suspended, deleted, or condition=TYPE[=STATUS]' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from wait" -l timeout -d 'Longest time to wait; 0 looks once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from wait" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from wait" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from wait" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from wait" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from wait" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from wait" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from wait" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from wait" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from wait" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from wait" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from wait" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from wait" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from wait" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from wait" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from wait" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from wait" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from wait" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from wait" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from wait" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -l timeout -d 'Longest time to wait until they are gone' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -l no-wait -d 'Do not wait until they are gone'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -l force -d 'Sessions and tasks in the middle of a turn too: the turn is aborted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -l ignore-not-found -d 'What is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Accepted for scripts; delete never asks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -l dry-run -d 'Only say what would be deleted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -l timeout -d 'Longest time to wait until they are gone' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -l no-wait -d 'Do not wait until they are gone'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -l force -d 'Sessions and tasks in the middle of a turn too: the turn is aborted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -l ignore-not-found -d 'What is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -s y -l yes -d 'Accepted for scripts; delete never asks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -l dry-run -d 'Only say what would be deleted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agent; and __fish_seen_subcommand_from rm" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "create" -d 'Create an agent: a running OpenCode server with a workspace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "list" -d 'List agents'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "ls" -d 'List agents'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "get" -d 'Show agents by name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "describe" -d 'Show agents with their conditions and events, and why they are as they are'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "attach" -d 'Sit down at the OpenCode interface of an agent'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "shell" -d 'Open a shell in an agent\'s workspace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "logs" -d 'Print the log of an agent\'s server'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "suspend" -d 'Scale agents to zero'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "resume" -d 'Bring suspended agents back'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "wait" -d 'Wait until agents are in a state'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "delete" -d 'Delete agents'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "rm" -d 'Delete agents'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -s f -l filename -d 'Agent manifest; - reads standard input' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l template -d 'Template whose fields fill what is not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l profile -d 'What the agent is for, in one line' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l workspace-dir -d 'Absolute path of the workspace [default: /workspace, or the template\'s]' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l service-account -d 'Service account of the agent and of its tasks [default: default, or the template\'s]' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l image -d 'Image of the main container' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l agent-image -d 'Image that carries opencode' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l port -d 'Port of the server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l max-concurrent-tasks -d 'Most tasks at a time' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l standby -d 'Suspend it when nobody used it for so long' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l config -d 'OpenCode configuration, as JSON' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l label -d 'Label for the agent; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l timeout -d 'Longest time to wait' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l wait -d 'Wait until the agent is ready'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from describe" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from describe" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from describe" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from describe" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from describe" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from describe" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from describe" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from describe" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from describe" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from describe" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from describe" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from describe" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from describe" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from describe" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from describe" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from describe" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from describe" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from describe" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from describe" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l session -d 'OpenCode session on the agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -s o -l output -d 'How to write the list' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l pty -d 'The terminal with this ID; without one, choose from the list' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l detach-keys -d 'Keys that leave without ending what runs; empty for none' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l clipboard -d 'Whether what runs there may set the clipboard; it can never read it [default: allow on a terminal]' -r -f -a "allow\t'Up to 1 MiB at a time'
deny\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l reconnect-timeout -d 'Longest time to try to get a lost link back' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l record -d 'Record what the terminal shows into a new file, in the format asciicast; `kubectl opencode play FILE` shows it' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l shell -d 'Open a shell in the workspace instead of the OpenCode interface'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l list -d 'Show the live terminals instead of attaching'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l read-only -d 'Only watch: nothing that is typed is sent; ctrl-c leaves'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l join -d 'Type along with whoever is attached already; without this or --steal you only watch'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l steal -d 'Take over from whoever is attached already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l drop-input -d 'Drop what is typed while the link is down, instead of keeping up to 4 KiB of it'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l resume -d 'Resume the agent first if it is suspended, without asking'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l record-input -d 'Record what is typed, too: passwords and all'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from attach" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l session -d 'OpenCode session on the agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -s o -l output -d 'How to write the list' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l pty -d 'The terminal with this ID; without one, choose from the list' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l detach-keys -d 'Keys that leave without ending what runs; empty for none' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l clipboard -d 'Whether what runs there may set the clipboard; it can never read it [default: allow on a terminal]' -r -f -a "allow\t'Up to 1 MiB at a time'
deny\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l reconnect-timeout -d 'Longest time to try to get a lost link back' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l record -d 'Record what the terminal shows into a new file, in the format asciicast; `kubectl opencode play FILE` shows it' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l shell -d 'Open a shell in the workspace instead of the OpenCode interface'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l list -d 'Show the live terminals instead of attaching'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l read-only -d 'Only watch: nothing that is typed is sent; ctrl-c leaves'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l join -d 'Type along with whoever is attached already; without this or --steal you only watch'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l steal -d 'Take over from whoever is attached already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l drop-input -d 'Drop what is typed while the link is down, instead of keeping up to 4 KiB of it'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l resume -d 'Resume the agent first if it is suspended, without asking'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l record-input -d 'Record what is typed, too: passwords and all'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from shell" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -s c -l container -d 'Container; the one that does the work if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -l tail -d 'Only the last lines' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -l since -d 'Only what is newer, such as 10m' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -s f -l follow -d 'Go on until it ends'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -s p -l previous -d 'The container\'s run before this one'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -l timestamps -d 'Put the time before each line'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -l raw -d 'Write the bytes as they are, terminal escape sequences included'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from logs" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from suspend" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from suspend" -l timeout -d 'Longest time to wait' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from suspend" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from suspend" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from suspend" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from suspend" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from suspend" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from suspend" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from suspend" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from suspend" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from suspend" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from suspend" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from suspend" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from suspend" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from suspend" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from suspend" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from suspend" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from suspend" -l wait -d 'Wait until it is so'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from suspend" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from suspend" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from suspend" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from suspend" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from resume" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from resume" -l timeout -d 'Longest time to wait' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from resume" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from resume" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from resume" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from resume" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from resume" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from resume" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from resume" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from resume" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from resume" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from resume" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from resume" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from resume" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from resume" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from resume" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from resume" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from resume" -l wait -d 'Wait until it is so'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from resume" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from resume" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from resume" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from wait" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from wait" -l for -d 'State to wait for: a phase or activity in lower case, ready, suspended, deleted, or condition=TYPE[=STATUS]' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from wait" -l timeout -d 'Longest time to wait; 0 looks once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from wait" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from wait" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from wait" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from wait" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from wait" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from wait" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from wait" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from wait" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from wait" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from wait" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from wait" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from wait" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from wait" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from wait" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from wait" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from wait" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from wait" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from wait" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from wait" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -l timeout -d 'Longest time to wait until they are gone' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -l no-wait -d 'Do not wait until they are gone'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -l force -d 'Sessions and tasks in the middle of a turn too: the turn is aborted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -l ignore-not-found -d 'What is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Accepted for scripts; delete never asks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -l dry-run -d 'Only say what would be deleted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -l timeout -d 'Longest time to wait until they are gone' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -l no-wait -d 'Do not wait until they are gone'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -l force -d 'Sessions and tasks in the middle of a turn too: the turn is aborted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -l ignore-not-found -d 'What is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -s y -l yes -d 'Accepted for scripts; delete never asks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -l dry-run -d 'Only say what would be deleted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand agents; and __fish_seen_subcommand_from rm" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "create" -d 'Create an agent: a running OpenCode server with a workspace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "list" -d 'List agents'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "ls" -d 'List agents'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "get" -d 'Show agents by name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "describe" -d 'Show agents with their conditions and events, and why they are as they are'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "attach" -d 'Sit down at the OpenCode interface of an agent'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "shell" -d 'Open a shell in an agent\'s workspace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "logs" -d 'Print the log of an agent\'s server'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "suspend" -d 'Scale agents to zero'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "resume" -d 'Bring suspended agents back'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "wait" -d 'Wait until agents are in a state'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "delete" -d 'Delete agents'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and not __fish_seen_subcommand_from create list ls get describe attach shell logs suspend resume wait delete rm" -f -a "rm" -d 'Delete agents'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -s f -l filename -d 'Agent manifest; - reads standard input' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l template -d 'Template whose fields fill what is not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l profile -d 'What the agent is for, in one line' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l workspace-dir -d 'Absolute path of the workspace [default: /workspace, or the template\'s]' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l service-account -d 'Service account of the agent and of its tasks [default: default, or the template\'s]' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l image -d 'Image of the main container' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l agent-image -d 'Image that carries opencode' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l port -d 'Port of the server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l max-concurrent-tasks -d 'Most tasks at a time' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l standby -d 'Suspend it when nobody used it for so long' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l config -d 'OpenCode configuration, as JSON' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l label -d 'Label for the agent; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l timeout -d 'Longest time to wait' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l wait -d 'Wait until the agent is ready'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l phase -d 'Objects in these phases, such as queued,running' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l agent -d 'Objects that are for these agents' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l since -d 'Objects made within this time, such as 2h' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l sort-by -d 'Order by a field, as JSONPath: .metadata.creationTimestamp' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l chunk-size -d 'Objects per request; 0 asks for all at once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -s L -l label-columns -d 'Add a column for each of these labels; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -s A -l all-namespaces -d 'Objects of every namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l no-headers -d 'Leave the header out'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l show-labels -d 'Add a column with the labels'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l show-kind -d 'Write the kind before each name'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -s w -l watch -d 'Go on with what changes, until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l watch-only -d 'As --watch, without what is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l output-watch-events -d 'With --watch: tell what happened, ADDED, MODIFIED or DELETED, too'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l ignore-not-found -d 'A named object that is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from describe" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from describe" -l field-selector -d 'Objects whose fields match, such as metadata.name=a' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from describe" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from describe" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from describe" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from describe" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from describe" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from describe" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from describe" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from describe" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from describe" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from describe" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from describe" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from describe" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from describe" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from describe" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from describe" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from describe" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from describe" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l session -d 'OpenCode session on the agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -s o -l output -d 'How to write the list' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l pty -d 'The terminal with this ID; without one, choose from the list' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l detach-keys -d 'Keys that leave without ending what runs; empty for none' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l clipboard -d 'Whether what runs there may set the clipboard; it can never read it [default: allow on a terminal]' -r -f -a "allow\t'Up to 1 MiB at a time'
deny\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l reconnect-timeout -d 'Longest time to try to get a lost link back' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l record -d 'Record what the terminal shows into a new file, in the format asciicast; `kubectl opencode play FILE` shows it' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l shell -d 'Open a shell in the workspace instead of the OpenCode interface'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l list -d 'Show the live terminals instead of attaching'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l read-only -d 'Only watch: nothing that is typed is sent; ctrl-c leaves'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l join -d 'Type along with whoever is attached already; without this or --steal you only watch'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l steal -d 'Take over from whoever is attached already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l drop-input -d 'Drop what is typed while the link is down, instead of keeping up to 4 KiB of it'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l resume -d 'Resume the agent first if it is suspended, without asking'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l record-input -d 'Record what is typed, too: passwords and all'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from attach" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l session -d 'OpenCode session on the agent' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -s o -l output -d 'How to write the list' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l pty -d 'The terminal with this ID; without one, choose from the list' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l detach-keys -d 'Keys that leave without ending what runs; empty for none' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l clipboard -d 'Whether what runs there may set the clipboard; it can never read it [default: allow on a terminal]' -r -f -a "allow\t'Up to 1 MiB at a time'
deny\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l reconnect-timeout -d 'Longest time to try to get a lost link back' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l record -d 'Record what the terminal shows into a new file, in the format asciicast; `kubectl opencode play FILE` shows it' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l shell -d 'Open a shell in the workspace instead of the OpenCode interface'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l list -d 'Show the live terminals instead of attaching'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l read-only -d 'Only watch: nothing that is typed is sent; ctrl-c leaves'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l join -d 'Type along with whoever is attached already; without this or --steal you only watch'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l steal -d 'Take over from whoever is attached already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l drop-input -d 'Drop what is typed while the link is down, instead of keeping up to 4 KiB of it'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l resume -d 'Resume the agent first if it is suspended, without asking'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l record-input -d 'Record what is typed, too: passwords and all'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from shell" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -s c -l container -d 'Container; the one that does the work if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -l tail -d 'Only the last lines' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -l since -d 'Only what is newer, such as 10m' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -s f -l follow -d 'Go on until it ends'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -s p -l previous -d 'The container\'s run before this one'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -l timestamps -d 'Put the time before each line'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -l raw -d 'Write the bytes as they are, terminal escape sequences included'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from logs" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from suspend" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from suspend" -l timeout -d 'Longest time to wait' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from suspend" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from suspend" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from suspend" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from suspend" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from suspend" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from suspend" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from suspend" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from suspend" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from suspend" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from suspend" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from suspend" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from suspend" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from suspend" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from suspend" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from suspend" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from suspend" -l wait -d 'Wait until it is so'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from suspend" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from suspend" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from suspend" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from suspend" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from resume" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from resume" -l timeout -d 'Longest time to wait' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from resume" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from resume" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from resume" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from resume" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from resume" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from resume" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from resume" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from resume" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from resume" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from resume" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from resume" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from resume" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from resume" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from resume" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from resume" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from resume" -l wait -d 'Wait until it is so'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from resume" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from resume" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from resume" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from wait" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from wait" -l for -d 'State to wait for: a phase or activity in lower case, ready, suspended, deleted, or condition=TYPE[=STATUS]' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from wait" -l timeout -d 'Longest time to wait; 0 looks once' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from wait" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from wait" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from wait" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from wait" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from wait" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from wait" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from wait" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from wait" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from wait" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from wait" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from wait" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from wait" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from wait" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from wait" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from wait" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from wait" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from wait" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from wait" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from wait" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -l timeout -d 'Longest time to wait until they are gone' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -l no-wait -d 'Do not wait until they are gone'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -l force -d 'Sessions and tasks in the middle of a turn too: the turn is aborted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -l ignore-not-found -d 'What is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Accepted for scripts; delete never asks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -l dry-run -d 'Only say what would be deleted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -s l -l selector -d 'Objects whose labels match, such as app=web,tier!=db' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -l timeout -d 'Longest time to wait until they are gone' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -l all -d 'All objects of the namespace'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -l no-wait -d 'Do not wait until they are gone'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -l force -d 'Sessions and tasks in the middle of a turn too: the turn is aborted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -l ignore-not-found -d 'What is not there is no failure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -s y -l yes -d 'Accepted for scripts; delete never asks'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -l dry-run -d 'Only say what would be deleted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand ag; and __fish_seen_subcommand_from rm" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand doctor" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand doctor" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand doctor" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand doctor" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand doctor" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand doctor" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand doctor" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand doctor" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand doctor" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand doctor" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand doctor" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand doctor" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand doctor" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand doctor" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand doctor" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand doctor" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand doctor" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand install" -l image -d 'Run the controller in the cluster, from an image with this program as its entry point' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand install" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand install" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand install" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand install" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand install" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand install" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand install" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand install" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand install" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand install" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand install" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand install" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand install" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand install" -l force-conflicts -d 'Take over fields that somebody else set'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand install" -l dry-run -d 'Let the server check everything, and change nothing'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand install" -l print -d 'Print the manifests instead, without a cluster'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand install" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand install" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand install" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand install" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand controller" -l reach -d 'How to reach the agents\' servers; auto: direct inside a cluster, tunnel elsewhere' -r -f -a "auto\t'Direct inside a cluster, through the API server elsewhere'
direct\t'By the Pod\'s address'
tunnel\t'Through the API server, as a port-forward'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand controller" -l listen -d 'Serve /healthz, /readyz and /metrics on this address' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand controller" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand controller" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand controller" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand controller" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand controller" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand controller" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand controller" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand controller" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand controller" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand controller" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand controller" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand controller" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand controller" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand controller" -l session -d 'Serve Sessions'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand controller" -l agent -d 'Serve Agents, where KubeOpenCode\'s own controller is absent'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand controller" -l task -d 'Serve Tasks, where KubeOpenCode\'s own controller is absent'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand controller" -l leader-elect -d 'Work only while holding a Lease, so that several may run'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand controller" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand controller" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand controller" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand controller" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and not __fish_seen_subcommand_from start stop status reset kubeconfig logs" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and not __fish_seen_subcommand_from start stop status reset kubeconfig logs" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and not __fish_seen_subcommand_from start stop status reset kubeconfig logs" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and not __fish_seen_subcommand_from start stop status reset kubeconfig logs" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and not __fish_seen_subcommand_from start stop status reset kubeconfig logs" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and not __fish_seen_subcommand_from start stop status reset kubeconfig logs" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and not __fish_seen_subcommand_from start stop status reset kubeconfig logs" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and not __fish_seen_subcommand_from start stop status reset kubeconfig logs" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and not __fish_seen_subcommand_from start stop status reset kubeconfig logs" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and not __fish_seen_subcommand_from start stop status reset kubeconfig logs" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and not __fish_seen_subcommand_from start stop status reset kubeconfig logs" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and not __fish_seen_subcommand_from start stop status reset kubeconfig logs" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and not __fish_seen_subcommand_from start stop status reset kubeconfig logs" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and not __fish_seen_subcommand_from start stop status reset kubeconfig logs" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and not __fish_seen_subcommand_from start stop status reset kubeconfig logs" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and not __fish_seen_subcommand_from start stop status reset kubeconfig logs" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and not __fish_seen_subcommand_from start stop status reset kubeconfig logs" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and not __fish_seen_subcommand_from start stop status reset kubeconfig logs" -f -a "start" -d 'Start a cluster on this machine, for trying and for tests'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and not __fish_seen_subcommand_from start stop status reset kubeconfig logs" -f -a "stop" -d 'Stop it; what was created stays'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and not __fish_seen_subcommand_from start stop status reset kubeconfig logs" -f -a "status" -d 'Show whether it runs, and how to reach it'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and not __fish_seen_subcommand_from start stop status reset kubeconfig logs" -f -a "reset" -d 'Stop it and remove everything that was created in it'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and not __fish_seen_subcommand_from start stop status reset kubeconfig logs" -f -a "kubeconfig" -d 'Print its kubeconfig'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and not __fish_seen_subcommand_from start stop status reset kubeconfig logs" -f -a "logs" -d 'Print its log'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l name -d 'Which sandbox' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l port -d 'Port of the API server on 127.0.0.1; 0 takes a free one [default: that of the last start, else a free one]' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l env -d 'Give agents this variable of your environment, such as a provider\'s key; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l opencode -d 'The opencode program that agents run [default: the one on PATH, else the installed one]' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l foreground -d 'Stay in the foreground until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l set-context -d 'Add the sandbox\'s context to your kubeconfig and make it the current one, without asking'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l offline-model -d 'Agents that configure no model get the offline model, also with --env'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l no-session-controller -d 'Leave Sessions to a controller that runs beside it: `kubectl opencode controller`'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l background-child -d 'Report on standard output, for the start in the background'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l kept -d 'A keeper is there already'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from start" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -l name -d 'Which sandbox' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l name -d 'Which sandbox' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from status" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from status" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l name -d 'Which sandbox' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s y -l yes -d 'Do not ask'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from kubeconfig" -l name -d 'Which sandbox' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from kubeconfig" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from kubeconfig" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from kubeconfig" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from kubeconfig" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from kubeconfig" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from kubeconfig" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from kubeconfig" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from kubeconfig" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from kubeconfig" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from kubeconfig" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from kubeconfig" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from kubeconfig" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from kubeconfig" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from kubeconfig" -l path -d 'Print the path of the file instead, for KUBECONFIG'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from kubeconfig" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from kubeconfig" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from kubeconfig" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from kubeconfig" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from logs" -l name -d 'Which sandbox' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from logs" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from logs" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from logs" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from logs" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from logs" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from logs" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from logs" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from logs" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from logs" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from logs" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from logs" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from logs" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from logs" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from logs" -s f -l follow -d 'Go on until interrupted'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from logs" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from logs" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from logs" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand sandbox; and __fish_seen_subcommand_from logs" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand explain" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand explain" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand explain" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand explain" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand explain" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand explain" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand explain" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand explain" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand explain" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand explain" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand explain" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand explain" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand explain" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand explain" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand explain" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand explain" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand explain" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand completion" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand completion" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand completion" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand completion" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand completion" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand completion" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand completion" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand completion" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand completion" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand completion" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand completion" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand completion" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand completion" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand completion" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand completion" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand completion" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand completion" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand version" -s o -l output -d 'How to write the result' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand version" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand version" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand version" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand version" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand version" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand version" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand version" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand version" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand version" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand version" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand version" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand version" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand version" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand version" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand version" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand version" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand version" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __complete" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __complete" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __complete" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __complete" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __complete" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __complete" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __complete" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __complete" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __complete" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __complete" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __complete" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __complete" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __complete" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __complete" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __complete" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __complete" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __complete" -s h -l help -d 'Print help'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __generate" -s n -l namespace -d 'Namespace; the kubeconfig context\'s if not given' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __generate" -l context -d 'Kubeconfig context' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __generate" -l kubeconfig -d 'Kubeconfig file; else $KUBECONFIG, else ~/.kube/config' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __generate" -l cluster -d 'Kubeconfig cluster' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __generate" -l user -d 'Kubeconfig user' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __generate" -l server -d 'Address of the API server' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __generate" -l certificate-authority -d 'Certificate authority of the API server' -r -F
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __generate" -l tls-server-name -d 'Name in the API server\'s certificate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __generate" -l as -d 'User to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __generate" -l as-group -d 'Group to impersonate; may be given again' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __generate" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __generate" -l request-timeout -d 'Longest time for one request, such as 10s; 0 for no limit' -r
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __generate" -l color -d 'When to colour; auto: on a terminal that can show it' -r -f -a "auto\t'On a terminal that can show it'
always\t'Always'
never\t'Never'"
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __generate" -l insecure-skip-tls-verify -d 'Do not check the API server\'s certificate; this makes the connection insecure'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __generate" -s q -l quiet -d 'Print no progress and no hints; results, warnings and errors stay'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __generate" -s v -l verbose -d 'Log what the program does on stderr (-v, -vv); secrets are never logged'
complete -c kubectl-opencode -n "__fish_kubectl_opencode_using_subcommand __generate" -s h -l help -d 'Print help'
