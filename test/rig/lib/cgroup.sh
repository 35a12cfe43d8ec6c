# shellcheck shell=bash
# The cgroups of a host: they tell which processes are its own, freeze them, and are the parent of its containers'.
# Two layouts: v1 has a tree per controller. v2 has one tree, in which a group with children may hold no processes
# itself, so there daemons and containers each get a group below the host's.
CG=/sys/fs/cgroup
if [ -e "$CG/cgroup.controllers" ]; then
  CG_TREES=("$CG") CG_ALL=("$CG") CG_DAEMONS=/daemons CG_CONTAINERS=/containers
else
  CG_TREES=("$CG/pids" "$CG/systemd" "$CG/freezer") CG_ALL=("$CG"/*) CG_DAEMONS='' CG_CONTAINERS=''
fi

cg_lacks() { # prints what this machine lacks, a sentence a line
  local t
  for t in "${CG_TREES[@]}"; do [ -d "$t" ] || echo "no cgroups at $t"; done
}
cg_parent() { echo "/rig/$1$CG_CONTAINERS"; } # of the containers of host $1, as dockerd wants it
cg_add() { # this shell into the cgroups of host $1
  local t
  for t in "${CG_TREES[@]}"; do
    mkdir -p "$t/rig/$1$CG_DAEMONS"
    echo "$BASHPID" >"$t/rig/$1$CG_DAEMONS/cgroup.procs"
  done
}
cg_procs() { # every process in them
  cat $(find "${CG_TREES[0]}/rig/$1" -name cgroup.procs 2>/dev/null) </dev/null 2>/dev/null || true
}
cg_rm() { # takes them away, deepest first, once no process is in them; fails while one is
  local t d
  for t in "${CG_ALL[@]}"; do
    [ ! -d "$t/rig/$1" ] || find "$t/rig/$1" -depth -type d 2>/dev/null | while read -r d; do rmdir "$d" 2>/dev/null || true; done
    rmdir "$t/rig" "$t"/libpod_parent/* "$t/libpod_parent" 2>/dev/null || true # podman's own, once empty
  done
  [ ! -e "${CG_TREES[0]}/rig/$1" ]
}
cg_freeze() { # NAME 1|0: stops every process of the host, or lets them go on; fails after 2 s
  local f want i
  if [ "$CG_DAEMONS" ]; then
    f=$CG/rig/$1/cgroup.freeze want="frozen $2"
    echo "$2" >"$f"
    for ((i = 0; i < 100; i++)); do ! grep -qx "$want" "${f%freeze}events" || return 0; sleep 0.02; done
  else
    f=$CG/freezer/rig/$1/freezer.state want=THAWED
    [ "$2" = 0 ] || want=FROZEN
    for ((i = 0; i < 100; i++)); do echo $want >"$f"; [ "$(cat "$f")" != $want ] || return 0; sleep 0.02; done
  fi
  return 1
}
cg_thaw_all() { # the host and every paused container on it, so that SIGKILL reaches them
  local f
  for f in $(find "${CG_TREES[@]/%//rig/$1}" \( -name freezer.state -o -name cgroup.freeze \) 2>/dev/null); do
    case $f in *.state) echo THAWED ;; *) echo 0 ;; esac >"$f" 2>/dev/null || true
  done
}
