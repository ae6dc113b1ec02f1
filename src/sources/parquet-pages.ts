// Do the page headers of a Parquet column chunk keep to what its footer says? Asked before anything is unpacked: a damaged
// header may claim billions of values, and the decoder believes it. https://parquet.apache.org/docs/file-format/data-pages/

import type { AsyncBuffer, ColumnChunk } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'

/** Writers keep pages near 1 MiB; a dictionary may be larger. */
const MAX_PAGE_BYTES = 2 ** 28

/**
 * @param rows of the row group: a flat column has as many values
 * @throws Error with the reason
 */
export async function checkPages(file: AsyncBuffer, { meta_data }: ColumnChunk, rows: number): Promise<void> {
  if (!meta_data) throw new Error('a column without metadata')
  const column = meta_data.path_in_schema.join('.')
  if (Number(meta_data.num_values) !== rows) throw new Error(`column ${column} has another number of values`)
  const { dictionary_page_offset, data_page_offset, total_compressed_size } = meta_data
  const start = Number(dictionary_page_offset || data_page_offset)
  const length = Number(total_compressed_size)
  if (!(start >= 4 && length >= 0 && start + length <= file.byteLength)) {
    throw new Error(`column ${column} lies outside the file`)
  }
  const reader = { view: new DataView(await file.slice(start, start + length)), offset: 0 }
  let values = 0
  while (values < rows && reader.offset < length) {
    const header = parquetHeader(reader)
    const { compressed_page_size: packed, uncompressed_page_size: unpacked } = header
    const isPage =
      packed >= 0 && packed <= length - reader.offset && unpacked >= 0 && unpacked <= MAX_PAGE_BYTES
    if (!isPage) throw new Error(`column ${column} has a page of impossible size`)
    const data = header.data_page_header ?? header.data_page_header_v2
    const dictionary = header.dictionary_page_header
    const count = (data ?? dictionary)?.num_values ?? 0
    const most = data ? rows - values : unpacked
    if (!(count >= 0 && count <= most)) throw new Error(`column ${column} has a page of impossible length`)
    const levels = header.data_page_header_v2
    if (levels) {
      const {
        definition_levels_byte_length: d,
        repetition_levels_byte_length: r,
        num_rows,
        num_nulls,
      } = levels
      if (!(
        d >= 0 &&
        r >= 0 &&
        d + r <= packed &&
        num_rows <= count &&
        num_nulls >= 0 &&
        num_nulls <= count
      )) {
        throw new Error(`column ${column} has a page of impossible levels`)
      }
    }
    if (data) values += count
    reader.offset += packed
  }
  if (values !== rows) throw new Error(`column ${column} is shorter than its row group`)
}
