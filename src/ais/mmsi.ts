// What a Maritime Mobile Service Identity says about its owner (ITU-R M.585-9): the kind of station by its leading
// digits, and the flag by the three Maritime Identification Digits that the ITU gives to each administration
// (Radio Regulations, table of MIDs). A claim of the sender, no more.

export const MMSI_KINDS = [
  'ship', // MIDxxxxxx
  'group', // 0MIDxxxxx
  'coast', // 00MIDxxxx
  'sar-aircraft', // 111MIDxxx
  'handheld', // 8MIDxxxxx
  'aton', // 99MIDxxxx
  'craft', // 98MIDxxxx: belongs to a mother ship
  'sart', // 970xxyyyy
  'mob', // 972xxyyyy
  'epirb', // 974xxyyyy
  'unknown',
] as const
export type MmsiKind = (typeof MMSI_KINDS)[number]

/** Kind of station by the leading digits. */
export function mmsiKind(mmsi: number): MmsiKind {
  if (!(mmsi >= 1 && mmsi <= 999_999_999)) return 'unknown'
  if (mmsi < 10_000_000) return 'coast'
  if (mmsi < 100_000_000) return 'group'
  const first3 = Math.floor(mmsi / 1_000_000)
  if (first3 >= 200 && first3 < 800) return 'ship'
  if (first3 >= 800 && first3 < 900) return 'handheld'
  if (first3 >= 990) return 'aton'
  if (first3 >= 980) return 'craft'
  if (first3 === 111) return 'sar-aircraft'
  if (first3 === 970) return 'sart'
  if (first3 === 972) return 'mob'
  if (first3 === 974) return 'epirb'
  return 'unknown'
}

/** True for what is switched on in distress: AIS-SART, man overboard devices, EPIRBs with AIS. */
export function isBeacon(mmsi: number): boolean {
  if (mmsi < 970_000_000 || mmsi >= 975_000_000) return false
  const first3 = Math.floor(mmsi / 1_000_000)
  return first3 === 970 || first3 === 972 || first3 === 974
}

/** The Maritime Identification Digits within an MMSI, or 0 when its kind has none. */
export function midOf(mmsi: number): number {
  switch (mmsiKind(mmsi)) {
    case 'ship':
      return Math.floor(mmsi / 1_000_000)
    case 'group':
      return Math.floor(mmsi / 100_000)
    case 'coast':
      return Math.floor(mmsi / 10_000)
    case 'handheld':
      return Math.floor(mmsi / 100_000) % 1000
    case 'sar-aircraft':
      return Math.floor(mmsi / 1000) % 1000
    case 'aton':
    case 'craft':
      return Math.floor(mmsi / 10_000) % 1000
    default:
      return 0
  }
}

/** Flag that an MMSI claims: ISO 3166-1 alpha-3, or null when its digits are given to nobody. */
export function flagOf(mmsi: number): string | null {
  return FLAGS[midOf(mmsi)] ?? null
}

// Places without a code of their own stand under the code they have in ISO 3166-1: Ascension SHN; Adélie Land, Crozet,
// Kerguelen, Saint-Paul and Amsterdam ATF; Azores and Madeira PRT; Alaska USA; Sint Maarten and Curaçao share 306.
const MIDS = `
ALB 201 · AND 202 · AUT 203 · PRT 204 255 263 · BEL 205 · BLR 206 · BGR 207 · VAT 208 · CYP 209 210 212 · DEU 211 218
GEO 213 · MDA 214 · MLT 215 229 248 249 256 · ARM 216 · DNK 219 220 · ESP 224 225 · FRA 226 227 228 · FIN 230 · FRO 231
GBR 232 233 234 235 · GIB 236 · GRC 237 239 240 241 · HRV 238 · MAR 242 · HUN 243 · NLD 244 245 246 · ITA 247 · IRL 250
ISL 251 · LIE 252 · LUX 253 · MCO 254 · NOR 257 258 259 · POL 261 · MNE 262 · ROU 264 · SWE 265 266 · SVK 267 · SMR 268
CHE 269 · CZE 270 · TUR 271 · UKR 272 · RUS 273 · MKD 274 · LVA 275 · EST 276 · LTU 277 · SVN 278 · SRB 279
AIA 301 · USA 303 338 366 367 368 369 · ATG 304 305 · CUW 306 · ABW 307 · BHS 308 309 311 · BMU 310 · BLZ 312 · BRB 314
CAN 316 · CYM 319 · CRI 321 · CUB 323 · DMA 325 · DOM 327 · GLP 329 · GRD 330 · GRL 331 · GTM 332 · HND 334 · HTI 336
JAM 339 · KNA 341 · LCA 343 · MEX 345 · MTQ 347 · MSR 348 · NIC 350 · PAN 351 352 353 354 355 356 357 370 371 372 373 374
PRI 358 · SLV 359 · SPM 361 · TTO 362 · TCA 364 · VCT 375 376 377 · VGB 378 · VIR 379
AFG 401 · SAU 403 · BGD 405 · BHR 408 · BTN 410 · CHN 412 413 414 · TWN 416 · LKA 417 · IND 419 · IRN 422 · AZE 423
IRQ 425 · ISR 428 · JPN 431 432 · TKM 434 · KAZ 436 · UZB 437 · JOR 438 · KOR 440 441 · PSE 443 · PRK 445 · KWT 447
LBN 450 · KGZ 451 · MAC 453 · MDV 455 · MNG 457 · NPL 459 · OMN 461 · PAK 463 · QAT 466 · SYR 468 · ARE 470 471 · TJK 472
YEM 473 475 · HKG 477 · BIH 478
ATF 501 607 618 635 · AUS 503 · MMR 506 · BRN 508 · FSM 510 · PLW 511 · NZL 512 · KHM 514 515 · CXR 516 · COK 518
FJI 520 · CCK 523 · IDN 525 · KIR 529 · LAO 531 · MYS 533 · MNP 536 · MHL 538 · NCL 540 · NIU 542 · NRU 544 · PYF 546
PHL 548 · TLS 550 · PNG 553 · PCN 555 · SLB 557 · ASM 559 · WSM 561 · SGP 563 564 565 566 · THA 567 · TON 570 · TUV 572
VNM 574 · VUT 576 · WLF 578
ZAF 601 · AGO 603 · DZA 605 · SHN 608 665 · BDI 609 · BEN 610 · BWA 611 · CAF 612 · CMR 613 · COG 615 · COM 616 620
CPV 617 · CIV 619 · DJI 621 · EGY 622 · ETH 624 · ERI 625 · GAB 626 · GHA 627 · GMB 629 · GNB 630 · GNQ 631 · GIN 632
BFA 633 · KEN 634 · LBR 636 637 · SSD 638 · LBY 642 · LSO 644 · MUS 645 · MDG 647 · MLI 649 · MOZ 650 · MRT 654 · MWI 655
NER 656 · NGA 657 · NAM 659 · REU 660 · RWA 661 · SDN 662 · SYC 664 · SOM 666 · SLE 667 · STP 668 · SWZ 669 · TCD 670
TGO 671 · TUN 672 · TZA 674 677 · UGA 675 · COD 676 · ZMB 678 · ZWE 679
ARG 701 · BRA 710 · BOL 720 · CHL 725 · COL 730 · ECU 735 · FLK 740 · GUF 745 · GUY 750 · PRY 755 · PER 760 · SUR 765
URY 770 · VEN 775`

const FLAGS: (string | undefined)[] = new Array<undefined>(1000).fill(undefined)
for (const entry of MIDS.split(/[·\n]/)) {
  const [flag, ...mids] = entry.trim().split(' ')
  for (const mid of mids) FLAGS[Number(mid)] = flag
}
