# A time-stamping authority of its own, synthetic: answers the query $1 in $2 and leaves its root certificate in tsa-ca.pem.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cat > "$dir/conf" <<'CONF'
[req]
distinguished_name = name
prompt = no
[name]
CN = Test Authority (synthetic)
[ca]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[stamps]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = tsa1
[tsa1]
serial = serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
CONF
query=$(realpath "$1") answer=$(realpath "$2") root=$(realpath tsa-ca.pem)
cd "$dir"
echo 01 > serial
{
    openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out "$root" -days 3650 -config conf -extensions ca
    openssl req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -config conf
    openssl x509 -req -in tsa.csr -CA "$root" -CAkey ca.key -set_serial 7 -days 3650 -out tsa.pem -extfile conf -extensions stamps
    openssl ts -reply -queryfile "$query" -signer tsa.pem -inkey tsa.key -chain "$root" -config conf -out "$answer"
} 2> log || { cat log; exit 1; }
