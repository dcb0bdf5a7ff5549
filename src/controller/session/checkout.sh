# Brings one folder of a Session's workspace to what it is to be, and ends with a line "kubectl-opencode:WORD".
# $1 what to do: ensure or remove; $2 the Session's directory; $3 the folder; $4 whose it is (the Session's UID);
# $5 URL; $6 branch, or nothing; $7 folder inside the repository, or nothing.
# Nothing that is not on a remote is ever thrown away, and nothing is touched that another put there.
set -u
stty -echo 2>/dev/null
# Whoever reads the output says when it is listened to: what ends before that is forgotten by the server.
read -r _ || exit
directory=$2 folder=$3 owner=$4 url=${5-} branch=${6-} path=${7-}
part=.$folder.$owner.part
# Nobody is there to be asked for anything.
export LC_ALL=C GIT_TERMINAL_PROMPT=0 GIT_ASKPASS=true SSH_ASKPASS=true GCM_INTERACTIVE=never
export GIT_SSH_COMMAND="${GIT_SSH_COMMAND:-ssh} -o BatchMode=yes -o ConnectTimeout=30"
exec 2>&1 </dev/null
end() { printf '\nkubectl-opencode:%s\n' "$1"; exit 0; }
is_ours() { [ "$(git -C "$folder" config --get kubectl-opencode.session)" = "$owner" ]; }
# A failing git says something, too.
is_on_remote() {
  [ -z "$(git -C "$folder" status --porcelain)" ] && [ -z "$(git -C "$folder" stash list)" ] &&
    [ -z "$(git -C "$folder" log -n 1 --oneline HEAD --branches --not --remotes)" ]
}
fetch_branch() { git -C "$folder" fetch -q origin "+refs/heads/$branch:refs/remotes/origin/$branch"; }
if [ "$1" = remove ]; then cd -- "$directory" || end Removed; else mkdir -p -- "$directory" && cd -- "$directory" || end CloneFailed; fi
command -v git >/dev/null || end GitNotFound
rm -rf -- "$part"
if [ "$1" = remove ]; then
  [ -d "$folder/.git" ] && is_ours || end Removed
  is_on_remote || end LocalChanges
  rm -rf -- "$folder" && end Removed
  end CloneFailed
fi
if [ -d "$folder/.git" ] && [ "$(git -C "$folder" config --get remote.origin.url)" = "$url" ]; then
  if [ -n "$branch" ] && [ "$(git -C "$folder" symbolic-ref -q --short HEAD)" != "$branch" ]; then
    is_ours || end FolderTaken
    fetch_branch && git -C "$folder" checkout -q "$branch" || end CloneFailed
  fi
else
  if [ -d "$folder/.git" ]; then
    is_ours || end FolderTaken
    is_on_remote || end LocalChanges
  elif [ -e "$folder" ]; then
    end FolderTaken
  fi
  git clone -q -c "kubectl-opencode.session=$owner" ${branch:+--branch "$branch"} -- "$url" "$part" || end CloneFailed
  rm -rf -- "$folder" && mv -- "$part" "$folder" || end CloneFailed
fi
[ -z "$path" ] || [ -d "$folder/$path" ] || end PathNotFound
end Cloned
