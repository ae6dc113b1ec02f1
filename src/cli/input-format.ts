// --input-format: the name of a format, checked before anything is opened.

import { INPUT_FORMATS, UsageError, type InputFormat } from '../index.js'

/** @throws UsageError naming the formats there are */
export function inputFormatNamed(name: string | undefined): InputFormat | undefined {
  const format = INPUT_FORMATS.find(known => known === name)
  if (name === undefined || format) return format
  throw new UsageError(`--input-format: unknown name "${name}", expected one of ${INPUT_FORMATS.join(', ')}`)
}
