#!/usr/bin/env bash
# Detects on Apache Spark what `darkwake detect --passes 2` detects on one machine: docs/spark.md.
#
#   detect.sh IN OUT [options of spark-sql, as --master spark://host:7077 --conf spark.executor.memory=2g]
#
# IN   CSV of one header, plain or .gz: a file, a folder, or a pattern; any path that Spark reads (file:, hdfs:, s3a:)
# OUT  a folder that every executor sees: rows/ learn/ lessons/ vessel/ sea/ tell/ events/ (NDJSON) events.parquet/ state/; what it holds
#      is overwritten
#
# By environment:
#   PARTS     into how many parts the vessels go (8)
#   HEADER    the header line (the first line of IN, where IN is a file here)
#   RULES     flags of every step: --map, --preset, --config, --zones, --ports, --watchlist; files at paths that every executor sees
#   LESSONS   a folder of lessons that were kept: nothing is learned again
#   UNTIL     ends a period at this time, a whole ten minutes in UTC, as 2024-02-01, and not the data: OUT has a state/ then
#   STATE     the OUT of the period before: goes on where that one ended, with the same PARTS and RULES
#   REPORTS   SQL that makes the view of reports, instead of ranges.sql and reports.sql
#   DARKWAKE  the command on the executors (darkwake)
set -euo pipefail

[ $# -ge 2 ] || { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
in=$1 out=${2%/}
shift 2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
say() { echo "spark: $*" >&2; }
die() { say "$*"; exit 1; }

sql=${SPARK_HOME:+$SPARK_HOME/bin/}spark-sql
command -v "$sql" >/dev/null || die 'no spark-sql: set SPARK_HOME or PATH (docs/spark.md)'
darkwake=${DARKWAKE:-darkwake}
version=$($darkwake --version) || die "no $darkwake here: the operators must be of one version, this one's"

for first in ${in#file:}; do break; done
if [ -z "${HEADER:-}" ]; then
  [ -f "$first" ] || die "$in is no file here: give its first line as HEADER"
  HEADER=$({ gzip -cdf "$first" 2>/dev/null || true; } | head -n 1)
fi
HEADER=${HEADER#$'\ufeff'}
HEADER=${HEADER%$'\r'}

# files at paths of their own are read by the operators, in ranges of 128 MB; Java reads what lies elsewhere
reports=reports.sql cut= ranges=1
if [ -e "$first" ]; then
  reports=ranges.sql cut=--ranges ranges=$(($(du -Lkc ${in#file:} | tail -n 1 | cut -f 1) / 131072 + 1))
fi
[ -z "${REPORTS:-}" ] || cut=

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '%s\n' "$HEADER" >"$work/header.csv"
# Spark tells what an operator said on stderr when it fails, unless it stops reading: then it tells of a broken pipe alone
operator="run() { $darkwake operator --expect-version $version \"\$@\" || { set -- \$?; cat >/dev/null; exit \$1; }; }; run"

[ -z "${UNTIL:-}" ] || $darkwake operator learn --until "$UNTIL" </dev/null || die 'UNTIL is no end of a period'
states="SELECT '' AS kind, '' AS text WHERE false"
if [ -n "${STATE:-}" ]; then
  [ "${STATE%/}" != "$out" ] || die 'STATE and OUT are the same: each period has a folder of its own'
  states="SELECT kind, text FROM parquet.\`${STATE%/}/state\`"
fi

parts=${PARTS:-8}
lessons=${LESSONS:-$out/lessons}
carried=$((parts + 2)) learned=
[ -n "${LESSONS:-}" ] || carried=$((carried + parts)) learned="UNION ALL SELECT kind, text FROM parquet.\`$out/learn\`"
{
  cat "$here/period.sql"
  [ -z "${STATE:-}" ] || cat "$here/check.sql"
  [ -n "${LESSONS:-}" ] || cat "$here/learn.sql"
  case $lessons in
    file:*) lessons=${lessons#file:} ;;
    *:*) # no operator reads hdfs: or s3a:, so each executor is given a copy in the folder that operators start in
      echo "ADD FILES '$lessons';"
      lessons=${lessons##*/} ;;
  esac
  cat "$here/detect.sql"
  [ -z "${UNTIL:-}" ] || cat "$here/state.sql"
} >"$work/all.sql"

"$sql" --conf spark.sql.catalogImplementation=in-memory --conf spark.ui.enabled=false \
  --conf spark.sql.parquet.columnarReaderBatchSize=256 --conf spark.sql.sources.bucketing.autoBucketedScan.enabled=false \
  --files "$work/header.csv" "$@" \
  -d in="$in" -d out="$out" -d lessons="$lessons/part-*" -d parts="$parts" \
  -d rules="${RULES:-}${UNTIL:+ --until \"$UNTIL\"}" -d operator="$operator" \
  -d states="$states" -d carried="$carried" -d learned="$learned" \
  -d cut="$cut" -d ranges="$ranges" -i "${REPORTS:-$here/$reports}" -f "$work/all.sql"
