#include "base/model.h"

const char *const tl_profile_names[TL_PROFILES + 1] = {"paper", "full"};
const char *const tl_support_names[TL_SUPPORT_KINDS + 1] = {"sequences", "occurrences"};
const char *const tl_key_names[TL_KEYS + 1] = {"stem", "module", "function"};
