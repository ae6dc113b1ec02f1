// Whose coast is whose: Natural Earth's names to ISO 3166-1 alpha-3 of the territory and of the state it depends on.
// It follows who administers the coast, and takes no side: the zones made from it are approximate in this too.

export interface Territory {
  iso: string
  name: string
  /** The states that speak for its waters; several where Natural Earth itself draws a disputed territory. */
  sovereigns: string[]
}

// `Natural Earth name = territory [sovereigns] [: full name]`. Names left out have no coast, or no zone (below).
const TABLE = `
Albania=ALB
Algeria=DZA
American Samoa=ASM USA
Angola=AGO
Anguilla=AIA GBR
Antigua and Barb.=ATG : Antigua and Barbuda
Argentina=ARG
Aruba=ABW NLD
Ashmore and Cartier Is.=AUS : Australia
Australia=AUS
Azerbaijan=AZE
Bahamas=BHS
Bahrain=BHR
Bajo Nuevo Bank=COL : Colombia
Bangladesh=BGD
Barbados=BRB
Belgium=BEL
Belize=BLZ
Benin=BEN
Bermuda=BMU GBR
Bosnia and Herz.=BIH : Bosnia and Herzegovina
Br. Indian Ocean Ter.=IOT GBR : British Indian Ocean Territory
Brazil=BRA
British Virgin Is.=VGB GBR : British Virgin Islands
Brunei=BRN
Bulgaria=BGR
Cabo Verde=CPV
Cambodia=KHM
Cameroon=CMR
Canada=CAN
Cayman Is.=CYM GBR : Cayman Islands
Chile=CHL
China=CHN
Clipperton I.=CPT FRA : Clipperton Island
Colombia=COL
Comoros=COM
Congo=COG
Cook Is.=COK NZL : Cook Islands
Coral Sea Is.=AUS : Australia
Costa Rica=CRI
Croatia=HRV
Cuba=CUB
USNB Guantanamo Bay=CUB : Cuba
Curaçao=CUW NLD
Cyprus=CYP
N. Cyprus=CYP : Cyprus
Cyprus U.N. Buffer Zone=CYP : Cyprus
Akrotiri=CYP : Cyprus
Dhekelia=CYP : Cyprus
Côte d'Ivoire=CIV
Dem. Rep. Congo=COD : Democratic Republic of the Congo
Denmark=DNK
Djibouti=DJI
Dominica=DMA
Dominican Rep.=DOM : Dominican Republic
Ecuador=ECU
Egypt=EGY
El Salvador=SLV
Eq. Guinea=GNQ : Equatorial Guinea
Eritrea=ERI
Estonia=EST
Faeroe Is.=FRO DNK : Faroe Islands
Falkland Is.=FLK GBR : Falkland Islands
Fiji=FJI
Finland=FIN
Åland=FIN : Finland
Fr. Polynesia=PYF FRA : French Polynesia
Fr. S. Antarctic Lands=ATF FRA : French Southern Territories
France=FRA
Gabon=GAB
Gambia=GMB
Georgia=GEO
Germany=DEU
Ghana=GHA
Gibraltar=GIB GBR
Greece=GRC
Greenland=GRL DNK
Grenada=GRD
Guam=GUM USA
Guatemala=GTM
Guernsey=GGY GBR
Guinea=GIN
Guinea-Bissau=GNB
Guyana=GUY
Haiti=HTI
Heard I. and McDonald Is.=HMD AUS : Heard Island and McDonald Islands
Honduras=HND
Hong Kong=HKG CHN
Iceland=ISL
India=IND
Indian Ocean Ter.=CXR AUS : Christmas and Cocos Islands
Indonesia=IDN
Iran=IRN
Iraq=IRQ
Ireland=IRL
Isle of Man=IMN GBR
Israel=ISR
Italy=ITA
Jamaica=JAM
Japan=JPN
Jersey=JEY GBR
Jordan=JOR
Kazakhstan=KAZ
Kenya=KEN
Kiribati=KIR
Kuwait=KWT
Latvia=LVA
Lebanon=LBN
Liberia=LBR
Libya=LBY
Lithuania=LTU
Macao=MAC CHN
Madagascar=MDG
Malaysia=MYS
Maldives=MDV
Malta=MLT
Marshall Is.=MHL : Marshall Islands
Mauritania=MRT
Mauritius=MUS
Mexico=MEX
Micronesia=FSM
Monaco=MCO
Montenegro=MNE
Montserrat=MSR GBR
Morocco=MAR
Mozambique=MOZ
Myanmar=MMR
N. Mariana Is.=MNP USA : Northern Mariana Islands
Namibia=NAM
Nauru=NRU
Netherlands=NLD
New Caledonia=NCL FRA
New Zealand=NZL
Nicaragua=NIC
Nigeria=NGA
Niue=NIU NZL
Norfolk Island=NFK AUS
North Korea=PRK
Norway=NOR
Oman=OMN
Pakistan=PAK
Palau=PLW
Palestine=PSE
Panama=PAN
Papua New Guinea=PNG
Peru=PER
Philippines=PHL
Pitcairn Is.=PCN GBR : Pitcairn Islands
Poland=POL
Portugal=PRT
Puerto Rico=PRI USA
Qatar=QAT
Romania=ROU
Russia=RUS
S. Geo. and the Is.=SGS GBR : South Georgia and the South Sandwich Islands
Saint Helena=SHN GBR : Saint Helena, Ascension and Tristan da Cunha
Saint Lucia=LCA
Samoa=WSM
São Tomé and Principe=STP : São Tomé and Príncipe
Saudi Arabia=SAU
Senegal=SEN
Serranilla Bank=COL : Colombia
Seychelles=SYC
Sierra Leone=SLE
Singapore=SGP
Sint Maarten=SXM NLD
Slovenia=SVN
Solomon Is.=SLB : Solomon Islands
Somalia=SOM
Somaliland=SOM : Somalia
South Africa=ZAF
South Korea=KOR
Spain=ESP
Sri Lanka=LKA
St-Barthélemy=BLM FRA : Saint-Barthélemy
St-Martin=MAF FRA : Saint-Martin
St. Kitts and Nevis=KNA : Saint Kitts and Nevis
St. Pierre and Miquelon=SPM FRA : Saint-Pierre and Miquelon
St. Vin. and Gren.=VCT : Saint Vincent and the Grenadines
Sudan=SDN
Suriname=SUR
Sweden=SWE
Syria=SYR
Taiwan=TWN
Tanzania=TZA
Thailand=THA
Timor-Leste=TLS
Togo=TGO
Tonga=TON
Trinidad and Tobago=TTO
Tunisia=TUN
Turkey=TUR
Turkmenistan=TKM
Turks and Caicos Is.=TCA GBR : Turks and Caicos Islands
Tuvalu=TUV
U.S. Minor Outlying Is.=UMI USA : United States Minor Outlying Islands
U.S. Virgin Is.=VIR USA : United States Virgin Islands
Ukraine=UKR
United Arab Emirates=ARE
United Kingdom=GBR
United States of America=USA
Uruguay=URY
Vanuatu=VUT
Venezuela=VEN
Vietnam=VNM
W. Sahara=ESH ESH,MAR : Western Sahara
Wallis and Futuna Is.=WLF FRA : Wallis and Futuna
Yemen=YEM
`

/**
 * Coasts that found no zone: Antarctica (no state's, Antarctic Treaty article IV) and reefs that several states claim
 * and that are rocks at most (UNCLOS article 121.3). The next coast behind them decides.
 */
export const NO_ZONE = new Set(['Antarctica', 'Spratly Is.', 'Scarborough Reef'])

export const TERRITORIES: ReadonlyMap<string, Territory> = new Map(
  TABLE.trim()
    .split('\n')
    .map(line => {
      const [neName = '', rest = ''] = line.split('=')
      const [codes = '', name = neName] = rest.split(' : ')
      const [iso = '', sovereigns = iso] = codes.split(' ')
      return [neName, { iso, name, sovereigns: sovereigns.split(',') }]
    }),
)

/**
 * Natural Earth draws Western Sahara as what lies behind the berm; the United Nations list it, with its coast, as a
 * territory of its own, south of 27°40′ N.
 */
export const WESTERN_SAHARA = { drawnAs: 'Morocco', territory: 'W. Sahara', southOf: 27 + 40 / 60 }
