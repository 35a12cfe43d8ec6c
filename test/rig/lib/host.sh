# shellcheck shell=bash
# Hosts and their engines: sourced by rig/host, rig/engine and rig/swarm.
. "$(dirname "${BASH_SOURCE[0]}")/ground.sh"

host_alloc() { # (under the lock) reserves a name and an address
  local n=$1 i
  [[ ! $RIG_NET =~ ^10\.[1-6][0-9]\. ]] || die "RIG_NET must not lie in 10.10-10.69, which are the hosts' container networks"
  mkdir -p "$RIG_STATE/$n/log"
  touch "$RIG_STATE/hosts"
  for ((i = 10; i < 70; i++)); do grep -qsx "$i" "$RIG_STATE"/*/idx || break; done
  [ "$i" -lt 70 ] || die "60 hosts are up already"
  echo "$i" >"$RIG_STATE/$n/idx"; echo "$RIG_NET.$i" >"$RIG_STATE/$n/addr"
  hosts_file
  sw_up
}
hosts_file() { # in place: it is bind-mounted as every host's /etc/hosts
  local h; { echo "127.0.0.1 localhost"; echo "$RIG_NET.1 root"; echo "$RIG_REG registry.rig"
    for h in $(hosts); do echo "$RIG_NET.$(cat "$RIG_STATE/$h/idx") $h"; done; } >"$RIG_STATE/hosts"
}
host_up() { # NAME: namespaces, address and mounts; no engine yet
  local n=$1 S=$RIG_STATE/$1 data i
  name_ok "$n"
  pid_of "$S/holder.pid" >/dev/null && return 0
  [ ! -e "$S" ] || host_down "$n"                  # left half up by a crash or a reboot
  [ ! -e "/run/netns/$n" ] || die "a netns '$n' that is not the rig's exists"
  locked host_alloc "$n"
  data=$S/data; [ "${RIG_DISK:-}" ] && data=/var/lib/rig/$n
  echo "$data" >"$S/datadir"
  mkdir -p /var/lib/docker /var/lib/containers
  locked sw_port "$n" "$(cat "$S/addr")"
  ( cg_add "$n"
    exec setsid nsenter --net="/run/netns/$n" unshare -m -u --propagation private -- \
      env RIG_DISK="${RIG_DISK:-}" bash "$RIG_DIR/lib/holder.sh" "$n" "$S" "$data" </dev/null >"$S/log/holder.log" 2>&1 9>&- ) &
  local p=$!
  for ((i = 0; i < 500; i++)); do
    ! pid_of "$S/holder.pid" >/dev/null || { readlink "/proc/$(holder "$n")/ns/mnt" | tr -dc 0-9 >"$S/mntns"; return 0; }
    kill -0 "$p" 2>/dev/null || break
    sleep 0.01
  done
  cat "$S/log/holder.log" >&2; [ -z "${RIG_KEEP:-}" ] || exit 1; host_down "$n"; die "host '$n' did not come up"
}
host_procs() { # every process of the host: its cgroups, its mount namespace, and their descendants
  local n=$1 ns
  { cg_procs "$n"
    ns=$(cat "$RIG_STATE/$n/mntns" 2>/dev/null) && find /proc/[0-9]*/ns/mnt -maxdepth 0 -lname "mnt:\\[$ns\\]" 2>/dev/null | cut -d/ -f3; true
  } | sort -un >"$RIG_STATE/$n/.procs"
  ps -eo pid=,ppid=,stat= | awk -v f="$RIG_STATE/$n/.procs" 'BEGIN{while((getline p <f)>0) k[p]=1} $3 !~ /^Z/ {pp[$1]=$2}
    END{do {c=0; for (p in pp) if (!(p in k) && (pp[p] in k)) {k[p]=1; c=1}} while(c); for (p in k) if (p in pp) print p}'
}
hold_mntns() { # NAME: opens the host's mount namespace as fd $ns, lest its number be given to a new host while this one dies
  local p want
  want="mnt:[$(cat "$RIG_STATE/$1/mntns" 2>/dev/null)]"
  for p in $(cg_procs "$1"); do
    [ "$(readlink "/proc/$p/ns/mnt" 2>/dev/null)" = "$want" ] && { exec {ns}<"/proc/$p/ns/mnt"; } 2>/dev/null || continue
    [ "$(readlink "/proc/$BASHPID/fd/$ns")" != "$want" ] || return 0
    exec {ns}<&-
  done
  ns=''; rm -f "$RIG_STATE/$1/mntns" # nothing of it lives there: the number may be another host's by now
}
host_down() { # kills what runs on it and takes away every trace; safe on a half-made host
  local n=$1 S=$RIG_STATE/$1 i p left data ns=''
  [ -e "$S" ] || return 0
  hold_mntns "$n"
  cg_thaw_all "$n"
  for ((i = 0; i < 100; i++)); do
    left=$(host_procs "$n" 2>/dev/null)
    [ "$left" ] || break
    [ "$i" -lt 99 ] || die "host '$n': processes survive SIGKILL: $left"
    kill -9 $left 2>/dev/null || true
    [ "$i" = 0 ] || sleep 0.02
  done
  [ -z "$ns" ] || exec {ns}<&-
  ip -n "$RIG_SW" link del "$n" 2>/dev/null || true
  ip netns del "$n" 2>/dev/null || true
  for ((i = 0; i < 50; i++)); do ! cg_rm "$n" || break; sleep 0.02; done
  data=$(cat "$S/datadir" 2>/dev/null || true)
  [ "${data#/var/lib/rig/}" = "$data" ] || { rm -rf "$data"; rmdir /var/lib/rig 2>/dev/null || true; }
  locked host_gone "$S"
}
host_gone() { rm -rf "$1"; [ -e "$RIG_STATE/hosts" ] && hosts_file; sw_idle_down; }

engine_fail() { tail -15 "$RIG_STATE/$1"/log/*d.log "$RIG_STATE/$1"/log/podman.log >&2 2>/dev/null || true; die "engine '$1': $2"; }
spawn() { # NAME WHAT CMD...: a daemon on the host, with a pid file and a log
  local n=$1 w=$2 S=$RIG_STATE/$1; shift 2
  ( enter "$n" setsid bash -c 'cd /; s=$(cat /proc/$$/stat); s=${s##*) }; f=$1; shift
      echo "$$ $(set -- $s; echo ${20})" >"$f"; exec "$@"' rig "$S/$w.pid" "$@" </dev/null >>"$S/log/$w.log" 2>&1 ) &
}
engine_start() { # starts the host's engine (its version and options were noted by engine_up)
  local n=$1 S=$RIG_STATE/$1 v i extra=() bin
  v=$(cat "$S/version" 2>/dev/null) || die "host '$n' has no engine"
  is_up "$n" && return 0
  bin=$RIG_OPT/$v/bin
  mapfile -t extra <"$S/args"
  rm -f "$S/docker.sock"
  if [ "$v" = podman ]; then
    rm -f "$S/dockerd.pid"
    spawn "$n" dockerd env "PATH=$bin:$PATH" "RIG_REG=$RIG_REG:$RIG_REG_PORT" \
      "RIG_REG_AUTH=$RIG_REG:$RIG_REG_AUTH_PORT" "RIG_SUBNET=10.$(cat "$S/idx").0.0/17" bash "$RIG_DIR/lib/podman.sh" "$S" "$RIG_OPT/podman"
  else
    # containerd apart from dockerd, as on a real host (and 26.1 loses 1 s waiting for one that it starts)
    if ! pid_of "$S/containerd.pid" >/dev/null; then
      cat >"$S/containerd.toml" <<E
version = 2
root = "/var/lib/docker/containerd/daemon"
state = "/run/containerd"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.blockfile"]
[grpc]
  address = "/run/containerd/containerd.sock"
E
      rm -f "$S/containerd.pid"
      spawn "$n" containerd env "PATH=$bin:$PATH" containerd --config "$S/containerd.toml" --log-level warn
      local h; h=$(holder "$n")
      for ((i = 0; i < 500; i++)); do
        [ -S "/proc/$h/root/run/containerd/containerd.sock" ] && break
        [ "$i" -lt 20 ] || pid_of "$S/containerd.pid" >/dev/null || engine_fail "$n" "containerd died"
        sleep 0.02
      done
    fi
    rm -f "$S/dockerd.pid" "/proc/$(holder "$n")/root/run/docker.pid"
    local net; net=10.$(cat "$S/idx")  # a block of its own for this host's containers
    spawn "$n" dockerd env "PATH=$bin:$PATH" dockerd --data-root /var/lib/docker --exec-root /run/docker --pidfile /run/docker.pid \
      --containerd /run/containerd/containerd.sock -H unix:///run/docker.sock -H "unix://$S/docker.sock" \
      --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "$(cg_parent "$n")" --bip "$net.0.1/17" --default-address-pool "base=$net.128.0/17,size=24" \
      --insecure-registry "$RIG_NET.0/24" --insecure-registry "registry.rig:$RIG_REG_PORT" --insecure-registry "registry.rig:$RIG_REG_AUTH_PORT" \
      --registry-mirror "http://$RIG_REG:$RIG_REG_PORT" --log-level "${RIG_LOG:-warn}" "${extra[@]}"
  fi
  for ((i = 0; i < 600; i++)); do
    is_up "$n" && return 0
    [ "$i" -lt 20 ] || pid_of "$S/dockerd.pid" >/dev/null || engine_fail "$n" "the daemon died"
    sleep 0.02
  done
  engine_fail "$n" "not ready after 12 s"
}
engine_stop() { # NAME SIGNAL: the daemons only; containers go on if --live-restore was given
  local n=$1 sig=$2 S=$RIG_STATE/$1 p
  for w in dockerd containerd; do
    p=$(pid_of "$S/$w.pid") || continue
    [ "$w" = containerd ] && [ "$sig" = KILL-DOCKERD ] && continue
    kill "-${sig%-DOCKERD}" "$p"; wait_gone "$S/$w.pid" 300 || die "engine '$n': $w does not stop"
  done
  rm -f "$S/docker.sock"
}
engine_up() { # NAME VERSION ARGS...
  local n=$1 v=$2 S=$RIG_STATE/$1; shift 2
  need_install "$v"; need_install images
  host_up "$n"
  if [ -e "$S/version" ]; then [ "$(cat "$S/version")" = "$v" ] || die "host '$n' already has engine '$(cat "$S/version")'"
  else echo "$v" >"$S/version"; { [ $# = 0 ] || printf '%s\n' "$@"; } >"$S/args"; fi
  # The base images: loaded once per version, then kept as a copy of the image store (no load to wait for)
  local seed=$RIG_OPT/seed/$v.tar
  [ -e "$S/loaded" ] || [ ! -e "$seed" ] || { ( enter "$n" tar -xf "$seed" -C /var/lib/docker ); touch "$S/loaded"; }
  engine_start "$n"
  [ -e "$S/loaded" ] || {
    engine_load "$n" "$RIG_OPT/images/base.tar"; touch "$S/loaded"
    [ "$v" = podman ] || { mkdir -p "$RIG_OPT/seed"
      ( enter "$n" tar -cf "$seed.$n" -C /var/lib/docker image overlay2 ) && mv "$seed.$n" "$seed"; }
  }
}
engine_load() { # NAME TAR
  local out; out=$(api "$1" "/images/load?quiet=1" -X POST -H 'Content-Type: application/x-tar' --data-binary "@$2") || die "engine '$1': loading $2 failed"
  case $out in *'"error'*|*'"message"'*|*'"cause"'*) die "engine '$1': loading $2: $out" ;; esac
}
