/** Numbers of temporal.api.enums.v1.IndexedValueType, by the names that the contract uses. */
export const searchAttributeTypes = { Text: 1, Keyword: 2, Int: 3, Double: 4, Bool: 5, Datetime: 6, KeywordList: 7 } as const;
export type SearchAttributeType = keyof typeof searchAttributeTypes;
