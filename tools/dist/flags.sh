# Sourced by dist.sh: flags that make the binaries need glibc alone, of version 2.34 or newer.
#
# HiGHS is C++ and its crate asks the linker for `-lstdc++`; Rust's library asks for `-lgcc_s`. Neither says "static", and
# no option of rustc can. But a linker looks through the folders given to it before its own, so a folder with scripts by
# those names decides what they mean: the compiler's static archives. `--target` keeps the flags from build scripts and
# procedural macros, which may link as usual.
#
# The archives want two functions of a newer glibc if they were built beside one: glibc_2_34.c has them.
libs=$work/link
mkdir -p "$libs"
CC=${CC:-cc}
for archive in libstdc++.a libgcc_eh.a; do
    [ -f "$($CC -print-file-name=$archive)" ] || stop "$CC has no $archive; on Debian: apt-get install g++"
done
$CC -O2 -fPIC -Wall -Wextra -Werror -c "$here/static/glibc_2_34.c" -o "$libs/glibc_2_34.o"
ar rcsD "$libs/libhourmatch_glibc.a" "$libs/glibc_2_34.o"
printf 'GROUP ( "%s" -lhourmatch_glibc )\n' "$($CC -print-file-name=libstdc++.a)" > "$libs/libstdc++.so"
printf 'GROUP ( -lgcc_eh -lhourmatch_glibc -lgcc )\n' > "$libs/libgcc_s.so"

# Names of the builder's folders are no part of a program.
home=$(cd "${CARGO_HOME:-$HOME/.cargo}" && pwd)
flags=$(printf '%s\037' -L "native=$libs" --remap-path-prefix "$root=/hourmatch" --remap-path-prefix "$home=/cargo")
CARGO_ENCODED_RUSTFLAGS=${flags%?}
unset RUSTFLAGS
export CARGO_ENCODED_RUSTFLAGS
