#include "base/model.h"

const char *const tl_profile_names[TL_PROFILES] = {"paper", "full"};
const char *const tl_support_names[TL_SUPPORT_KINDS] = {"sequences", "occurrences"};
const char *const tl_key_names[TL_KEYS] = {"stem", "module", "function"};
