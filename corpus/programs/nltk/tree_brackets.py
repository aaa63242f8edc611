from nltk.tree import Tree

line = "(S (NP (DT the) (NN cat) (VP (VBD sat)))"
tree = Tree.fromstring(line)
print(tree.height())
