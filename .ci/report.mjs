// What came of a vitest run, from its JSON report: "passed failed skipped" to standard output, and what failed, with
// the first lines of why, appended to a file. A file that failed before any of its tests counts as one.
import { appendFileSync, readFileSync } from 'node:fs'
/* global console, process */

const [report, name, failures] = process.argv.slice(2)
const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
  readFileSync(report, 'utf8'),
)

const told = []
let broken = 0
for (const file of testResults) {
  const tests = file.assertionResults.filter(test => test.status === 'failed')
  for (const test of tests) told.push([file.name, test.fullName, test.failureMessages.join('\n')])
  if (file.status === 'failed' && tests.length === 0) {
    broken++
    told.push([file.name, 'the file itself', file.message])
  }
}
for (const [file, test, why] of told) {
  const start = String(why).split('\n').slice(0, 12).join('\n    ')
  appendFileSync(failures, `== ${name}: ${file}\n  ${test}\n    ${start}\n`)
}
console.log(numPassedTests, numFailedTests + broken, numPendingTests)
