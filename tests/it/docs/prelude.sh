# Before the blocks of a page: what the reader's terminal does, and the runner does for them.
served=""
trap 'for pid in $served; do kill "$pid" 2>/dev/null && wait "$pid" || true; done' EXIT

# After a service was started in the background: until it answers.
docs_listening() {
    served="$served $!"
    for _ in $(seq 100); do
        if curl -sf -o /dev/null "http://$HOURMATCH_LISTEN/healthz"; then return 0; fi
        sleep 0.1
    done
    echo "the service does not answer on $HOURMATCH_LISTEN"
    return 1
}

# A service in the foreground is stopped once it answers, as by Ctrl-C.
docs_briefly() {
    "$@" &
    docs_listening
    kill "$!"
    wait "$!"
}

# A block that shows a refusal: exit status 1, never 2 or a signal.
docs_failed() {
    if [ "$1" != 1 ]; then
        echo "this was to be refused with exit status 1, and ended with $1"
        exit 3
    fi
}
