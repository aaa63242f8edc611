# %%
import nltk
# %%
def sentences(text):
    return nltk.sent_tokenize(text)

sentences("One. Two. Three.")
