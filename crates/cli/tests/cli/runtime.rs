//! `diat runtime`, as far as it fetches nothing: what it installs is tested where it is made, in `diat-install`.

use crate::support::User;

#[test]
fn without_an_installed_runtime_the_built_in_one_is_told_and_nothing_is_taken_away() {
    let user = User::new();
    let list = user.diat(&["runtime", "list"]).expect(0, &[]);
    assert!(list.stdout.contains("used: tract"), "{list:#?}");
    let remove = user.diat(&["runtime", "remove"]);
    assert_eq!(remove.code, 0, "{remove:#?}");
    assert!(!remove.stdout.contains("taken away"), "{remove:#?}");
}
