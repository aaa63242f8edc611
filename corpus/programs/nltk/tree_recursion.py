from nltk.tree import Tree


def depth(tree):
    return 1 + max(map(depth, tree))


t = Tree.fromstring("(S (NP she) (VP (V eats) (NP fish)))")
print(depth(t))
