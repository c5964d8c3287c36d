"""What leaves this folder: the website. (Nothing is imported here: a page imports ``answers`` alone.)"""
