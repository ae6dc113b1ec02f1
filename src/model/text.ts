// Text from AIS is hostile: anyone with a transmitter writes names. One gate before any human-facing output.

// C0 controls, DEL, C1 controls, bidirectional and other format controls, line and paragraph separators,
// byte order mark, interlinear marks, tag characters and lone surrogates
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\u{e0000}-\u{e007f}]/gu

/**
 * Makes text from outside safe for a terminal, a log line or a report: control, bidirectional and invisible
 * characters are dropped, and the length is capped.
 * @param max characters kept; a longer text ends in `…`
 */
export function safeText(text: string, max = 120): string {
  const clean = text.replace(UNSAFE, '')
  return clean.length > max ? `${clean.slice(0, max - 1)}…` : clean
}

/** Text as part of an id: that goes into URLs, file names and log lines. Different names stay different. */
export const idPart = (name: string): string =>
  name.replace(/[^\w.:@+~-]/g, c => `%${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
