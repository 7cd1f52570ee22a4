using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.Directory;

namespace EnterprisePortal.Identity.Users;

public static class UserItems
{
    extension(UserItem)
    {
        public static UserItem Of(PortalUser user, DirectoryReplica directory) => new(
            user.Id, user.Email, user.Name, user.Level, GroupName.Of(user.GroupId, directory), user.Status, user.StaffEmail,
            user.LastSignIn);
    }
}
